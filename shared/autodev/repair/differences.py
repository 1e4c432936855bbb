"""The diff a person reads before approving an edit."""

import difflib


def diff(old_code: str, new_code: str) -> str:
    """Unified diff of two versions of a function; empty when they are the same text."""
    lines = difflib.unified_diff(
        old_code.splitlines(), new_code.splitlines(), fromfile="before", tofile="after", lineterm=""
    )
    return "\n".join(lines)
