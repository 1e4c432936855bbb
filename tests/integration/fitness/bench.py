"""What a test does with fitness: give it facts and people's words, and read what follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autodev.events.envelope import Event
from autodev.events.models.case import ApprovalDecided, RollbackRequested, SkillPromoted, WithdrawalRequested
from autodev.events.models.search import CandidatesScored, Decision, PropertyVerdict
from autodev.ids import CandidateId, CaseId, SkillName, TenantId, sha256
from services.fitness import store
from tests.integration.fitness import facts
from tests.integration.loopback import speed
from tests.integration.loopback.installed import Installed


@dataclass
class Bench:
    service: Installed

    async def take(self, *events: Event[Any]) -> list[Event[Any]]:
        """Deliver one after another, each in a transaction of its own; return all that is published."""
        return [published for event in events for published in await self.service.take(event)]

    async def state(self, candidate: CandidateId, tenant: TenantId = speed.TENANT) -> str | None:
        async with self.service.engine.connect() as connection:
            found = await store.find(connection, tenant, candidate)
        return found[1].value if found is not None else None

    async def awaits_approval(self) -> None:
        """A candidate named "fix" waits for a person, since nothing but the lack of an exception speaks for it."""
        published = await self.take(facts.executed(answers=facts.right(PropertyVerdict.ABSENT)))
        assert decisions(published) == [Decision.APPROVAL_REQUESTED]


def decisions(events: list[Event[Any]]) -> list[Decision]:
    return [event.data.decision for event in events if isinstance(event.data, CandidatesScored)]


def reasons(events: list[Event[Any]]) -> list[str]:
    return [event.data.reason for event in events if isinstance(event.data, CandidatesScored)]


def versions(events: list[Event[Any]]) -> list[SkillPromoted]:
    return [event.data for event in events if isinstance(event.data, SkillPromoted)]


def decided(
    *, approved: bool = True, name: str = "fix", case: CaseId | None = None, tenant: TenantId = speed.TENANT
) -> Event[ApprovalDecided]:
    data = ApprovalDecided(
        tenant_id=tenant,
        case_id=case or speed.case_of(),
        candidate_id=facts.id_of(name, case),
        approved=approved,
        reviewer="grace",
    )
    return speed.said(data, data.case_id)


def withdrawal(tenant: TenantId = speed.TENANT, skill: SkillName = speed.SPEED) -> Event[WithdrawalRequested]:
    return speed.said(WithdrawalRequested(tenant_id=tenant, skill=skill, requested_by="ada", reason="wrong unit"))


def rollback(name: str = "fix", *, by: str = "canary", tenant: TenantId = speed.TENANT) -> Event[RollbackRequested]:
    """Of the version whose candidate is called `name`."""
    data = RollbackRequested(
        tenant_id=tenant,
        skill=speed.SPEED,
        code_hash=sha256(facts.code(name)),
        case_id=speed.case_of(),
        requested_by=by,
        reason="failed alike in 2 of 3 executions, in 3 of 8 before",
    )
    return speed.said(data, data.case_id)
