"""Isolation by Docker: a container for each run, started ahead, of an image that is made of the host's own Python."""
