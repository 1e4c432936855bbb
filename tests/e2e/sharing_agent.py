"""An agent as a process of its own that says, for each line on standard input, which version of its skill would run."""

from __future__ import annotations

import sys
from typing import Any

import autodev


def share_or_none(result: Any, row: dict[str, Any]) -> bool:
    if "part" not in row or not row["whole"]:
        return result is None
    return bool(result == row["part"] / row["whole"])


@autodev.skill(ensures=share_or_none)
def share(row: dict[str, Any]) -> Any:
    return row["part"] / row["whole"]


def main() -> None:
    autodev.ready(60)
    for _ in sys.stdin:
        sys.stdout.write(f"{share.version}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
