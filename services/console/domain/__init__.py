"""Read models as pure folds over events, and the rules for what a person may decide on them.

Topics are read independently, so a score may come before its proposal. Every fold therefore gives the same document
in whatever order the topics come, as long as each topic's own order per key is kept.
"""
