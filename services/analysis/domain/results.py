"""What the fold has to say. Ids are made of what a result is about, so that a replay gives the same events."""

from __future__ import annotations

from dataclasses import dataclass

from autodev.events.models.base import EventData
from autodev.events.models.failure import FailureBatched, FailureLate, FailureWindowed, LearningRequested
from autodev.ids import CaseId, EventId, derived_id
from services.analysis.domain.state import ClosedWindow, Pattern
from services.analysis.domain.trigger import Crossing, Trigger
from services.analysis.domain.windows import Windowing, moment


@dataclass(frozen=True, slots=True)
class Result:
    data: EventData
    case: CaseId
    event_id: EventId | None
    """None: it is about the one event that caused it, whose id then gives this one's."""


def windowed(pattern: Pattern, start: int, window: ClosedWindow, windowing: Windowing) -> Result:
    tenant, agent, case = pattern.key
    return Result(
        FailureWindowed(
            tenant_id=tenant,
            agent_id=agent,
            case_id=case,
            signature=pattern.signature,
            skill=pattern.skill,
            error_type=pattern.error_type,
            window_start=moment(start),
            window_end=moment(start + windowing.length),
            count=window.failures,
            revision=window.revision,
        ),
        case,
        EventId(derived_id("failure.windowed", case, start, window.revision)),
    )


def late(pattern: Pattern, failure: FailureBatched) -> Result:
    tenant, agent, case = pattern.key
    return Result(
        FailureLate(
            tenant_id=tenant,
            agent_id=agent,
            case_id=case,
            signature=pattern.signature,
            error_type=failure.error_type,
            second=failure.second,
            count=failure.count,
        ),
        case,
        event_id=None,
    )


def learning(pattern: Pattern, crossing: Crossing, trigger: Trigger) -> Result:
    tenant, agent, case = pattern.key
    return Result(
        LearningRequested(
            tenant_id=tenant,
            agent_id=agent,
            case_id=case,
            signature=pattern.signature,
            skill=pattern.skill,
            error_type=pattern.error_type,
            count=crossing.failures,
            within_seconds=trigger.within,
            first_failure_at=moment(crossing.first),
            last_failure_at=moment(crossing.last),
        ),
        case,
        # Event time moves on between two requests of one case, so its second tells them apart.
        EventId(derived_id("learning.requested", case, trigger.requested_at or 0)),
    )
