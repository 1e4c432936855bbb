"""Importing well-known modules once, in process 1, instead of in each fork.

The skill's own module is executed in each fork instead: whatever executes it can no longer be trusted, so process 1
could not be the one that does, and any other process would stand between process 1 and the forks it has to end.
"""

from __future__ import annotations

import re

_WELL_KNOWN = frozenset(
    {
        *(
            "abc",
            "asyncio",
            "bisect",
            "calendar",
            "collections",
            "contextlib",
            "copy",
            "csv",
            "dataclasses",
            "datetime",
        ),
        *(
            "decimal",
            "enum",
            "fractions",
            "functools",
            "hashlib",
            "heapq",
            "itertools",
            "json",
            "logging",
            "math",
            "operator",
        ),
        *("pathlib", "random", "re", "statistics", "string", "textwrap", "time", "typing", "uuid", "zoneinfo"),
    }
)
"""Of the standard library, without side effects: nothing else is imported outside a call."""


def import_ahead(module_source: str) -> None:
    """Import the well-known modules that the source names, so that forks share them."""
    named = re.findall(r"^\s*(?:from|import)\s+(\w+)", module_source, re.MULTILINE)
    if "async def" in module_source:
        named.append("asyncio")
    for name in _WELL_KNOWN.intersection(named):
        __import__(name)
