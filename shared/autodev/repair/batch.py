"""Many programs, one a line: which cases a search may see, and what became of each program. Pure."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from statistics import median
from typing import Any

from autodev.repair.search.case import Case
from autodev.repair.search.lines import Line
from autodev.repair.search.reading import CaseError, read_case


class ProgramError(ValueError):
    """A line that is no program; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What results depend on, and are kept with: those of other settings are no part of the same batch."""

    search_share: float
    budget_seconds: float
    seed: int
    engine: str
    priors: str = "shipped"
    """`shipped`, or the digest of what was given."""


@dataclass(frozen=True, slots=True)
class BatchProgram:
    program_id: str
    entrypoint: str
    source: str
    cases: Sequence[Case]
    first_failure: str


def read_program(line: Mapping[str, Any]) -> BatchProgram:
    """Raises ProgramError and CaseError."""
    for name, kind in {"id": str, "entrypoint": str, "source": str, "cases": list}.items():
        if not isinstance(line.get(name), kind):
            raise ProgramError(f"`{name}` is missing or no {kind.__name__}")
    cases = []
    for number, given in enumerate(line["cases"], start=1):
        try:
            cases.append(read_case(given, line["entrypoint"]))
        except CaseError as error:
            raise CaseError(f"case {number}: {error}") from None
    if not cases:
        raise ProgramError("`cases` is empty")
    return BatchProgram(line["id"], line["entrypoint"], line["source"], cases, str(line.get("first_failure", "")))


def numbered(lines: Iterable[Line]) -> Iterator[tuple[str, Line]]:
    """Each line with the id that its result has: a line without one of its own is called by its number."""
    seen: dict[str, int] = {}
    for line in lines:
        name = line.given.get("id")
        if line.broken or not isinstance(name, str):
            yield f"line {line.number}", line
        elif name in seen:
            told = f"its id {name!r} is that of line {seen[name]}; give it one of its own"
            yield f"line {line.number}", replace(line, broken=told)
        else:
            seen[name] = line.number
            yield name, line


def digest(line: Line) -> str:
    """The same for the same program, whatever its line's number."""
    told = json.dumps([line.given, line.broken], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def shared_out(cases: Sequence[Case], fails: Sequence[bool], share: float) -> tuple[list[Case], list[Case]]:
    """For the search, and held out: the first `share` of the cases, rounded up, with at least one that fails.

    If none of them fails, the first that does takes the last place among them.
    """
    number = max(1, ceil(len(cases) * share))
    chosen = list(range(number))
    if not any(fails[index] for index in chosen) and any(fails):
        chosen[-1] = list(fails).index(True)
    held_out = [case for index, case in enumerate(cases) if index not in chosen]
    return [cases[index] for index in chosen], held_out


def summary(results: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How many were repaired, by the first failure, and all together in the last row."""
    groups: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    everything = list(results)
    for result in everything:
        groups[result["first_failure"] or "unknown"].append(result)
    rows = [_row(name, groups[name]) for name in sorted(groups, key=lambda name: -len(groups[name]))]
    return [*rows, _row("all", everything)] if everything else []


def _row(name: str, results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    plausible, right = (sum(bool(result[what]) for result in results) for what in ("plausible", "right"))
    return {
        "first_failure": name,
        "programs": len(results),
        "not_run": sum("why" in result for result in results),
        "plausible": f"{plausible} ({plausible / len(results):.0%})",
        "right_at_first_rank": f"{right} ({right / len(results):.0%})",
        "median_seconds": round(median(result["seconds"] for result in results), 2),
        "median_evaluated": round(median(result["evaluated"] for result in results)),
    }
