"""Repair of many programs, and what its parts are worth."""
