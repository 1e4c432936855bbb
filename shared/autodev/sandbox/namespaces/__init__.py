"""Isolation by Linux namespaces, made by bubblewrap: a new one for each run, gone with it."""
