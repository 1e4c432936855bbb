"""The diff a person reads before approving an edit."""

import difflib


def diff(old_code: str, new_code: str, name: str = "") -> str:
    """Unified diff of two versions of a function, or of the file `name`; empty when they are the same text."""
    lines = difflib.unified_diff(
        old_code.splitlines(),
        new_code.splitlines(),
        fromfile=f"{name} (before)" if name else "before",
        tofile=f"{name} (after)" if name else "after",
        lineterm="",
    )
    return "\n".join(lines)
