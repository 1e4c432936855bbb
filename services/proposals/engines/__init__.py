"""Engines turn evidence into candidates. They see the search part only."""
