"""What a candidate changes, as people review it."""

from __future__ import annotations

from difflib import unified_diff


def unified(before: str, after: str, name: str) -> str:
    """The unified diff from `before` to `after`; empty if they are the same."""
    lines = unified_diff(before.splitlines(), after.splitlines(), f"a/{name}", f"b/{name}", lineterm="")
    return "".join(f"{line}\n" for line in lines)
