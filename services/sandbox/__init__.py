"""Sandbox: runs each candidate in an isolation of its own and returns facts, never judgements."""
