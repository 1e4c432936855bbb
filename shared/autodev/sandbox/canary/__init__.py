"""Hostile programs of our own that prove each promised control before anything else may run."""
