"""What a test does with proposals: deliver, look at a case, answer a generation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from autodev.events.envelope import Event
from autodev.events.models.base import EventData
from autodev.events.models.case import CaseChanged, CaseState
from autodev.events.models.search import CandidateScore, CandidatesProposed, CandidatesScored, Decision
from services.proposals.domain.case import Case
from services.proposals.patrol import Patrol
from services.proposals.store import cases
from tests.integration.loopback import speed
from tests.integration.loopback.clock import Clock
from tests.integration.loopback.installed import Installed

D = TypeVar("D", bound=EventData)


@dataclass
class Desk:
    service: Installed
    patrol: Patrol
    clock: Clock

    async def take(self, *events: Event[Any]) -> list[Event[Any]]:
        """Deliver one after another, each in a transaction of its own; return all that is published."""
        return [published for event in events for published in await self.service.take(event)]

    async def case(self, signature: str = "zero") -> Case:
        async with self.service.engine.connect() as connection:
            found = await cases.find(connection, speed.TENANT, speed.case_of(signature))
        assert found is not None, f"there is no case of {signature}"
        return found

    async def ready_to_learn(self, **settings: Any) -> None:
        """Opted in, autonomous, and the source is known."""
        await self.take(speed.configured(**settings), speed.granted(), speed.registered())

    async def searching(self, signature: str = "zero", **settings: Any) -> CandidatesProposed:
        """The first generation of a case with enough evidence."""
        await self.ready_to_learn(**settings)
        await self.take(*enough(signature))
        [proposed] = proposals(await self.take(speed.requested(signature=signature)))
        return proposed


def enough(signature: str = "zero", **changes: Any) -> list[Event[Any]]:
    """Evidence that no case waits to see more of."""
    calls = [speed.failed(distance, signature=signature, **changes) for distance in (1, 2, 3)]
    well = {name: value for name, value in changes.items() if name in ("tenant", "agent", "ran")}
    return [*calls, speed.went_well(**well)]


def data_of(kind: type[D], events: Iterable[Event[Any]]) -> list[D]:
    return [event.data for event in events if isinstance(event.data, kind)]


def proposals(events: Iterable[Event[Any]]) -> list[CandidatesProposed]:
    return data_of(CandidatesProposed, events)


def states(events: Iterable[Event[Any]]) -> list[CaseState]:
    return [change.state for change in data_of(CaseChanged, events)]


def answer(
    proposed: CandidatesProposed,
    decision: Decision,
    *,
    reason: str = "because",
    sound: Iterable[str] | None = None,
    scores: tuple[CandidateScore, ...] = (),
) -> Event[CandidatesScored]:
    """Fitness's word on a generation; calls that are not sound gave another outcome."""
    calls = tuple(call.call_id for call in proposed.evidence)
    sound = set(calls if sound is None else sound)
    data = CandidatesScored(
        tenant_id=proposed.tenant_id,
        agent_id=proposed.agent_id,
        case_id=proposed.case_id,
        round=proposed.round,
        generation=proposed.generation,
        skill=proposed.skill,
        decision=decision,
        reason=reason,
        sound_calls=tuple(call for call in calls if call in sound),
        refuted_calls=tuple(call for call in calls if call not in sound),
        scores=scores,
        chosen=proposed.candidates[-1].candidate_id
        if decision in (Decision.PROMOTED, Decision.APPROVAL_REQUESTED)
        else None,
    )
    return speed.said(data, proposed.case_id)
