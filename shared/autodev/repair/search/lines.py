"""Files of JSON lines, of cases and of programs: one object a line, told by its number. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """`number` counts from 1, blank lines too; `broken` says what is wrong where there is no `given`."""

    number: int
    given: dict[str, Any]
    broken: str = ""


def json_lines(text: str) -> Iterator[Line]:
    """Every line that is not blank. One that can't be read does nothing to the others."""
    for number, line in enumerate(text.split("\n"), start=1):  # splitlines would also split within strings
        if not line.strip():
            continue
        try:
            given = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Line(number, {}, f"no JSON ({error})")
            continue
        if isinstance(given, dict):
            yield Line(number, given)
        else:
            yield Line(number, {}, f"no object but {type(given).__name__}")
