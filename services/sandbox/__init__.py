"""Sandbox: runs the candidates of a generation in isolation and returns facts; fitness makes of them what it will."""
