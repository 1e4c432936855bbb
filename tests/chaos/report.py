"""What the drills came to: a line each while they run, a table at the end, and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from tests.chaos.compare import Kind
from tests.chaos.outcome import Outcome

WIDTH = 34
COLUMNS = ("events", "kills", "redelivered", "lost", "doubled", "differing", "seconds")


def line(outcome: Outcome) -> str:
    numbers = (f"{value:>{len(name) + 2}}" for name, value in zip(COLUMNS, _numbers(outcome), strict=True))
    return f"{outcome.fault:<{WIDTH}}{''.join(numbers)}"


def heading() -> str:
    return f"{'fault':<{WIDTH}}{''.join(f'{name:>{len(name) + 2}}' for name in COLUMNS)}"


def details(outcome: Outcome) -> list[str]:
    """Every finding, and what was not as the drill meant it."""
    found = [f"  {each.kind} {each.count} times {each.section}: {each.example}" for each in outcome.findings]
    return [*found, *(f"  note: {note}" for note in outcome.notes)]


def table(outcomes: Sequence[Outcome]) -> str:
    totals = {kind: sum(outcome.count(kind) for outcome in outcomes) for kind in Kind}
    total = ", ".join(f"{count} {kind}" for kind, count in totals.items())
    return "\n".join([heading(), *map(line, outcomes), f"{len(outcomes)} drills: {total}"])


def write(path: Path, seed: int, outcomes: Sequence[Outcome]) -> None:
    path.write_bytes(
        orjson.dumps({"seed": seed, "drills": [_json(outcome) for outcome in outcomes]}, option=orjson.OPT_INDENT_2)
    )


def _numbers(outcome: Outcome) -> tuple[str, ...]:
    counts = (outcome.events, outcome.deaths.total(), outcome.redelivered, *(outcome.count(kind) for kind in Kind))
    return (*map(str, counts), f"{outcome.seconds:.0f}")


def _json(outcome: Outcome) -> dict[str, Any]:
    return {
        "fault": outcome.fault,
        "events": outcome.events,
        "kills": dict(outcome.deaths),
        "redelivered": outcome.redelivered,
        **{kind.value: outcome.count(kind) for kind in Kind},
        "seconds": round(outcome.seconds, 1),
        "findings": [vars(finding) for finding in outcome.findings],
        "notes": list(outcome.notes),
    }
