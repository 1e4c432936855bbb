"""May a case be searched now, and what does the search start from?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.search import EvidenceCall, Role
from services.proposals.domain import gate
from services.proposals.domain.case import FIXED, Case
from services.proposals.domain.evidence import to_calls
from services.proposals.domain.generation import Base
from services.proposals.store import cases, skills, versions
from services.proposals.store import evidence as evidences
from services.proposals.store.standing import Standing

WAITING_FOR_CALLS = "waiting for a recorded failing call that can be replayed"
WAITING_FOR_SOURCE = "waiting for the skill's source"
SEARCHES_AT_ONCE = 2
"""Of one workspace: what one of them reports, however much, leaves the others' searches a turn soon. Two keep two cores
busy; with four, ten cases of one workspace took half as long again, all of them waiting for each other."""
WAITING_FOR_A_PLACE = f"{SEARCHES_AT_ONCE} cases of the workspace are being searched; goes on when one of them ends"


@dataclass(frozen=True)
class Material:
    """All that a search starts from."""

    base: Base
    calls: tuple[EvidenceCall, ...]
    first_failure_at: datetime

    @property
    def is_thin(self) -> bool:
        roles = [call.role for call in self.calls]
        return roles.count(Role.FAILING) < 2 or Role.PASSING not in roles


def refusal(case: Case, standing: Standing) -> str | None:
    """Why the case may not be searched now; None if it may."""
    if refused := gate.refusal(case.tenant_id, case.agent_id, standing.settings, standing.maturity):
        return refused
    if case.skill is None:
        return "reported in words only: no call to replay"
    if case.skill.name in standing.searched:
        return f"case {standing.searched[case.skill.name]} of the same skill is being searched"
    return WAITING_FOR_A_PLACE if len(standing.searched) >= SEARCHES_AT_ONCE else None


async def gather(connection: AsyncConnection, case: Case) -> Material | str:
    """The material of the case's next search, or what it still waits for."""
    failing = await evidences.failing(connection, case.tenant_id, [case.case_id])
    if not failing:
        return WAITING_FOR_CALLS
    newest = failing[0]
    base = await skills.base(connection, case.tenant_id, newest.skill, newest.call.entrypoint)
    if base is None:
        return WAITING_FOR_SOURCE
    same = [item for item in failing if item.skill.function_hash == newest.skill.function_hash]
    # What failed under the base itself or under what grew from it and was rolled back, if anything did; failures of
    # versions before the base are what it has fixed.
    before = await versions.ancestors(connection, case.tenant_id, newest.skill.name, base.promoted)
    current = [item for item in same if item.skill.promoted not in before]
    earlier = [item for item in same if item.skill.promoted in before] if current else []
    passing = await evidences.passing(connection, case.tenant_id, newest.skill.name, newest.skill.function_hash)
    fixed = await cases.of_skill(connection, case.tenant_id, newest.skill.name, FIXED)
    regressions = await evidences.failing(connection, case.tenant_id, [each.case_id for each in fixed])
    return Material(
        base=base,
        calls=to_calls(current or same, passing, [*earlier, *regressions]),
        first_failure_at=min(item.occurred_at for item in same),
    )
