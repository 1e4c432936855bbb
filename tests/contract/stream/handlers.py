"""Handlers of the runtime under test."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from autodev.events.envelope import Event
from autodev.events.models.agent import TaskEvent
from autodev.events.models.failure import EpisodeRecorded, LearningRequested
from autodev.ids import CaseId
from autodev.stream.emission import Emission, emit
from tests.contract.stream.ledgers import LedgerUnderTest

CASE = CaseId("case-1")


def words(event: Event[Any]) -> str:
    """The description of a reported task."""
    assert isinstance(event.data, TaskEvent)
    return event.data.task_description


@dataclass
class Noting:
    """Notes each task's description; fails as it is told to."""

    tested: LedgerUnderTest
    failures: dict[str, Exception] = field(default_factory=dict)
    """Description → what handling it raises."""
    batches: list[list[str]] = field(default_factory=list)
    """The descriptions of each call, failed or not."""

    async def __call__(self, events: Sequence[Event[Any]], store: Any) -> Iterable[Emission]:
        self.batches.append([words(event) for event in events])
        for event in events:
            await self.tested.note(store, words(event))
            if error := self.failures.get(words(event)):
                raise error
        return ()


async def record_episodes(events: Sequence[Event[Any]], _store: Any) -> Iterable[Emission]:
    """The first hop: of each report an episode, and another one that says it twice."""
    return [
        emit(_episode(event, description), event, case=CASE)
        for event in events
        for description in (words(event), words(event) * 2)
    ]


async def request_learning(events: Sequence[Event[Any]], _store: Any) -> Iterable[Emission]:
    """The second hop."""
    return [emit(_request(event), event) for event in events]


def _episode(event: Event[Any], description: str) -> EpisodeRecorded:
    assert isinstance(event.data, TaskEvent)
    return EpisodeRecorded(
        tenant_id=event.data.tenant_id,
        agent_id=event.data.agent_id,
        episode_id=event.data.episode_id,
        reported_as=event.id,
        occurred_at=event.data.occurred_at,
        outcome=event.data.outcome,
        description=description,
    )


def _request(event: Event[Any]) -> LearningRequested:
    assert isinstance(event.data, EpisodeRecorded)
    return LearningRequested(
        tenant_id=event.data.tenant_id,
        agent_id=event.data.agent_id,
        case_id=CASE,
        signature="signature-1",
        error_type="ValueError",
        count=2,
        within_seconds=300,
        first_failure_at=event.data.occurred_at,
        last_failure_at=event.data.occurred_at,
    )
