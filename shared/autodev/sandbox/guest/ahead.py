"""Importing well-known modules once, in process 1, instead of in each fork.

The skill's own module is executed in each fork instead: whatever executes it can no longer be trusted, so process 1
could not be the one that does, and any other process would stand between process 1 and the forks it has to end.
"""

from __future__ import annotations

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
    named = {_imported(line) for line in module_source.splitlines() if "import" in line}
    if "async def" in module_source:
        named.add("asyncio")
    for name in _WELL_KNOWN.intersection(named):
        __import__(name)


def _imported(line: str) -> str:
    """The first top-level name that a line of source imports. By hand: to import `re` takes as long as all the rest."""
    words = line.replace(".", " ").replace(",", " ").split(maxsplit=2)
    return words[1] if len(words) > 1 and words[0] in ("import", "from") else ""
