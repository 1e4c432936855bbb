"""A case's search as a story: where the fault was looked for, what was tried, how far it came, and why that one.

All of it is a pure function of documents; texts are the events' own, and as hostile as they are.
"""
