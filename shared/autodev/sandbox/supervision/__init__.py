"""Watching one isolation from the host: its deadline, its result channel, its end."""
