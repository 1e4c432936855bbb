"""What a case waited for: the moments at which its events were made, and the time between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from autodev.events.catalogue import (
    CANDIDATES_EXECUTED,
    CANDIDATES_PROPOSED,
    CANDIDATES_SCORED,
    EPISODE_RECORDED,
    LEARNING_REQUESTED,
    SKILL_PROMOTED,
    Topic,
)
from autodev.events.envelope import Event
from autodev.ids import CaseId
from benchmarks.loop.working import Repair
from tests.e2e.installation import Installation

FIRST: Final[Mapping[str, Topic]] = {
    "recorded": EPISODE_RECORDED,
    "pattern found": LEARNING_REQUESTED,
    "first candidates": CANDIDATES_PROPOSED,
}
"""Milestones whose first event counts."""
LAST: Final[Mapping[str, Topic]] = {"last candidates run": CANDIDATES_EXECUTED, "scored": CANDIDATES_SCORED}
"""Milestones whose last event up to the promotion counts: a case may take several generations."""
STAGES: Final = (*FIRST, *LAST, "promoted", "loaded")


def durations(moments: Sequence[datetime]) -> list[float]:
    """Seconds of each stage, from the moments between which they lie: the failure, then each of `STAGES`."""
    return [(after - before).total_seconds() for before, after in pairwise(moments)]


async def stages(installed: Installation, found: Mapping[tuple[str, str], Repair]) -> list[list[float]]:
    """The seconds of each stage, of each of these repairs."""
    promoted = {
        (event.data.tenant_id, event.data.skill): event
        for event in reversed(await installed.events(SKILL_PROMOTED))
        if event.data is not None
    }
    first = [_by_case(reversed(await installed.events(topic))) for topic in FIRST.values()]
    last = [_all_by_case(await installed.events(topic)) for topic in LAST.values()]
    result = []
    for key, repair in found.items():
        promotion = promoted[key]
        case = promotion.data.case_id
        moments = [
            repair.failed_at,
            *(events[case].time for events in first),
            *(max(each.time for each in events[case] if each.time <= promotion.time) for events in last),
            promotion.time,
            repair.loaded_at,
        ]
        result.append(durations(moments))
    return result


def _by_case(events: Iterable[Event[Any]]) -> dict[CaseId, Event[Any]]:
    return {event.correlation_id: event for event in events if event.correlation_id is not None}


def _all_by_case(events: Iterable[Event[Any]]) -> dict[CaseId, list[Event[Any]]]:
    found: dict[CaseId, list[Event[Any]]] = {}
    for event in events:
        if event.correlation_id is not None:
            found.setdefault(event.correlation_id, []).append(event)
    return found
