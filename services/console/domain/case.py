"""A case: where it stands, and how it came there."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from autodev.events.models.case import CanaryCounts, CaseChanged, CaseState
from autodev.ids import AgentId, CaseId, EventId, SkillName
from services.console.domain.document import Document, Fact

HISTORY_KEPT: Final = 200


class Change(Fact):
    """One step of a case."""

    event_id: EventId
    round: int
    generation: int
    candidates_tried: int
    previous: CaseState | None
    state: CaseState
    reason: str
    changed_at: datetime
    canary: CanaryCounts | None = None
    """What had been counted, if counts are why."""


class Case(Document):
    case_id: CaseId
    agent_id: AgentId
    signature: str
    error_type: str
    skill: SkillName | None
    first_failure_at: datetime
    history: tuple[Change, ...] = ()
    """Oldest first, the last `HISTORY_KEPT` steps."""

    @property
    def key(self) -> str:
        return self.case_id

    @property
    def state(self) -> CaseState | None:
        return self.history[-1].state if self.history else None

    def changed(self, event_id: EventId, data: CaseChanged) -> Case:
        """With one more step. The order within the topic is the truth; a step of an earlier round is history only."""
        if any(step.event_id == event_id for step in self.history):
            return self
        step = Change(
            event_id=event_id,
            round=data.round,
            generation=data.generation,
            candidates_tried=data.candidates_tried,
            previous=data.previous,
            state=data.state,
            reason=data.reason,
            changed_at=data.changed_at,
            canary=data.canary,
        )
        # A stable sort: within a round the order of arrival stays.
        history = sorted((*self.history, step), key=lambda each: each.round)
        return self.model_copy(update={"history": tuple(history[-HISTORY_KEPT:])})


def opened(data: CaseChanged) -> Case:
    """The case before its first step."""
    return Case(
        tenant_id=data.tenant_id,
        case_id=data.case_id,
        agent_id=data.agent_id,
        signature=data.signature,
        error_type=data.error_type,
        skill=data.skill.name if data.skill else None,
        first_failure_at=data.first_failure_at,
    )
