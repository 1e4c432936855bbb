"""Faust carries the stream; what it is known to lose, acknowledge too early or hide is caught here.

It has no table here: a position and a state in PostgreSQL say what has been done, whatever Faust believes.
"""
