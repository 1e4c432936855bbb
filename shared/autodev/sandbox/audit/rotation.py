"""The names of files that were put aside: that of the log, and the number of their last line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

_NUMBER = re.compile(r"\d{12}")


def next_name(path: Path, last_seq: int) -> Path:
    return path.with_name(f"{path.name}.{last_seq:012}")


def earlier_files(path: Path) -> Sequence[Path]:
    """Those that `path` was before, in their order."""
    prefix = f"{path.name}."
    return sorted(
        each
        for each in path.parent.iterdir()
        if each.name.startswith(prefix) and _NUMBER.fullmatch(each.name.removeprefix(prefix))
    )
