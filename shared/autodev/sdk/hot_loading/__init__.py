"""Promoted versions that run in place of originals."""
