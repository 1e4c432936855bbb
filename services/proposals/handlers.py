"""Events in, case work out. Each batch holds events of one topic partition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.envelope import Event
from autodev.events.models.agent import SkillRegistered
from autodev.events.models.base import EventData
from autodev.events.models.case import ApprovalDecided, CaseState, SkillPromoted
from autodev.events.models.failure import EpisodeRecorded, LearningRequested
from autodev.events.models.search import CandidatesScored
from autodev.events.models.workspace import AgentGranted, WorkspaceConfigured
from autodev.events.skill_source import check_source
from autodev.ids import SkillName, TenantId
from autodev.service.projections.maturity import grant
from autodev.stream.clock import transaction_time
from autodev.stream.emission import Emission
from autodev.stream.handler import EventHandler, by_type
from services.proposals.canary import versions
from services.proposals.canary.watching import watch
from services.proposals.domain.case import ENDED, Case
from services.proposals.domain.evidence import to_evidence
from services.proposals.engines.engine import Engine
from services.proposals.search.start import AWAITS_EVIDENCE
from services.proposals.search.step import Step
from services.proposals.store import cases, governance, skills
from services.proposals.store import evidence as evidences
from services.proposals.tables import maturity


def check(event: Event[Any]) -> None:
    """What the models can't know: whether a module's source is a program."""
    if isinstance(event.data, SkillRegistered):
        check_source(event.data)


@dataclass(frozen=True)
class Handlers:
    engines: Sequence[Engine]
    clock: Callable[[], datetime] = transaction_time

    async def handle(self, events: Sequence[Event[Any]], connection: AsyncConnection) -> Iterable[Emission]:
        # All at once: two batches that locked their tenants one by one, each in its own order, would block each other.
        await cases.lock_tenants(connection, {_tenant_of(event) for event in events})
        if events[0].type.data is EpisodeRecorded:
            return await self._episodes(events, connection)
        handlers: dict[type[EventData], EventHandler[AsyncConnection]] = {
            LearningRequested: self._requested,
            SkillRegistered: self._registered,
            CandidatesScored: self._scored,
            ApprovalDecided: self._decided,
            SkillPromoted: self._promoted,
            WorkspaceConfigured: self._configured,
            AgentGranted: self._granted,
        }
        return await by_type(handlers)(events, connection)

    async def _episodes(self, events: Sequence[Event[EpisodeRecorded]], connection: AsyncConnection) -> list[Emission]:
        """Keep what is evidence, which a case may have waited for; count all, which may end a canary."""
        emissions: list[Emission] = []
        ordered = sorted(events, key=_tenant_of)
        for tenant, group in groupby(ordered, key=_tenant_of):
            episodes = list(group)
            emissions += await self._start_with_evidence(tenant, episodes, connection)
            emissions += await watch(connection, tenant, episodes, partial(self._step, connection))
        return emissions

    async def _start_with_evidence(
        self, tenant: TenantId, events: Sequence[Event[EpisodeRecorded]], connection: AsyncConnection
    ) -> list[Emission]:
        found = [item for event in events if event.data is not None and (item := to_evidence(event.data))]
        if not found:
            return []
        touched = await evidences.add(connection, found)
        step = self._step(connection, events[0])
        emissions: list[Emission] = []
        for case in await cases.among(connection, tenant, touched, {CaseState.OPEN}):
            if case.reason in AWAITS_EVIDENCE:  # what else a case waits for, more calls do not bring
                emissions += await step.start(case)
        return emissions

    async def _requested(self, event: Event[LearningRequested], connection: AsyncConnection) -> list[Emission]:
        request = event.data
        assert request is not None
        step = self._step(connection, event)
        case = await cases.find(connection, request.tenant_id, request.case_id)
        if case is None:
            case = _opened(request)
            return [*await step.save(case, None), *await step.start(case)]
        if case.state in ENDED:
            reopened = case.reopened(f"came back: {request.count} failures within {request.within_seconds} s")
            return [*await step.save(reopened, case.state), *await step.start(reopened)]
        return await step.start(case) if case.state is CaseState.OPEN else []

    async def _registered(self, event: Event[SkillRegistered], connection: AsyncConnection) -> list[Emission]:
        assert event.data is not None
        await skills.register(connection, event.data)
        return await self._step(connection, event).start_waiting(event.data.tenant_id)

    async def _scored(self, event: Event[CandidatesScored], connection: AsyncConnection) -> list[Emission]:
        scored = event.data
        assert scored is not None
        case = await cases.find(connection, scored.tenant_id, scored.case_id)
        return [] if case is None else await self._step(connection, event).scored(case, scored)

    async def _decided(self, event: Event[ApprovalDecided], connection: AsyncConnection) -> list[Emission]:
        """A rejection ends the case; an approval becomes a promotion first, which says so itself."""
        decided = event.data
        assert decided is not None
        case = await cases.find(connection, decided.tenant_id, decided.case_id)
        if case is None or decided.approved:
            return []
        reason = f"rejected by {decided.reviewer}: {decided.comment}"[:4_000]
        if case.state is CaseState.SEARCHING:  # the score that asks for approval is still on its way to us
            await cases.save(connection, replace(case, candidate=decided.candidate_id, rejection=reason))
        if case.state is not CaseState.AWAITING_APPROVAL or case.candidate != decided.candidate_id:
            return []
        return await self._step(connection, event).reject(case, reason)

    async def _promoted(self, event: Event[SkillPromoted], connection: AsyncConnection) -> list[Emission]:
        """A version, or its withdrawal."""
        step = self._step(connection, event)
        if event.data is not None:
            return await versions.promoted(event.data, step)
        return await versions.withdrawn(_tenant_of(event), SkillName(event.key.partition("/")[2]), step)

    async def _configured(self, event: Event[WorkspaceConfigured], connection: AsyncConnection) -> list[Emission]:
        assert event.data is not None
        await governance.configure(connection, event.data)
        return await self._step(connection, event).start_waiting(event.data.tenant_id)

    async def _granted(self, event: Event[AgentGranted], connection: AsyncConnection) -> list[Emission]:
        assert event.data is not None
        await grant(connection, maturity, event.data)
        return await self._step(connection, event).start_waiting(event.data.tenant_id)

    def _step(self, connection: AsyncConnection, event: Event[Any]) -> Step:
        return Step(connection, event, self.engines, self.clock)


def _tenant_of(event: Event[Any]) -> TenantId:
    tenant: TenantId = event.data.tenant_id if event.data is not None else TenantId(event.key.partition("/")[0])
    return tenant


def _opened(request: LearningRequested) -> Case:
    return Case(
        tenant_id=request.tenant_id,
        agent_id=request.agent_id,
        case_id=request.case_id,
        signature=request.signature,
        error_type=request.error_type,
        skill=request.skill,
        round=1,
        state=CaseState.OPEN,
        reason=f"{request.count} failures within {request.within_seconds} s",
        generation=0,
        tried=0,
        first_failure_at=request.first_failure_at,
    )
