"""Reports as agents send them: about 600 bytes of data, nine of ten of calls that went well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from autodev.events.binary import to_record
from autodev.events.envelope import new_event
from autodev.events.models.agent import SkillExecutionEvent
from autodev.events.models.base import utc_now
from autodev.events.models.call import Arguments, Call, Frame, Raised, Returned, SkillRef
from autodev.events.record import OutgoingRecord
from autodev.ids import AgentId, EpisodeId, SkillName, TenantId, sha256

TENANTS: Final = 8
AGENTS: Final = 8
"""Of each tenant: enough keys to fill all partitions alike."""
SKILLS: Final = ("speed", "delay", "carrier", "wind")
FAILING: Final = 10
"""One of so many reports is of a failure."""


def reports(count: int, failing: int = FAILING) -> Iterator[OutgoingRecord]:
    """`count` records a millisecond of event time apart, tenants, agents and skills in turn."""
    began = utc_now() - timedelta(milliseconds=count)
    for number in range(count):
        skill = SKILLS[number % len(SKILLS)]
        fails = number % failing == 0
        agent = number // len(SKILLS)
        report = SkillExecutionEvent(
            execution_id=EpisodeId(f"e-{number}"),
            agent_id=AgentId(f"agent-{agent % AGENTS}"),
            tenant_id=TenantId(f"tenant-{agent // AGENTS % TENANTS}"),
            skill_id=skill,
            skill_name=skill,
            success=not fails,
            occurred_at=began + timedelta(milliseconds=number),
            skill=SkillRef(name=SkillName(skill), content_hash=_MODULE, function_hash=_FUNCTIONS[skill]),
            call=Call(
                entrypoint=skill,
                arguments=Arguments(args=({"n": "NA" if fails else str(number)},)),
                outcome=_raised(skill) if fails else Returned(value=number),
            ),
        )
        yield to_record(new_event(report, source="/agents/bench"))


def _raised(skill: str) -> Raised:
    statement = 'return int(flight["n"])'
    message = "invalid literal for int() with base 10: 'NA'"
    return Raised(type="ValueError", message=message, frames=(Frame(function=skill, statement=statement),))


_MODULE: Final = sha256("the module")
_FUNCTIONS: Final = {skill: sha256(skill) for skill in SKILLS}
