"""Processes, files and ports of the operating system."""
