"""Episodes are counted; at each of them a case may turn out verified, worse than before, or not fixed.

Every finding is made at the very report that decides it, in the order of the agent's topic, so that it does not depend
on how reports were cut into batches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.envelope import Event
from autodev.events.models.case import CaseState, RollbackRequested
from autodev.events.models.failure import EpisodeRecorded
from autodev.ids import TenantId
from autodev.stream.emission import Emission
from services.proposals.domain.canary import RECURRENCES, Canary, Counts, Finding, Watch
from services.proposals.domain.case import FIXED, Case
from services.proposals.domain.experience import kinds, of_right
from services.proposals.search.step import Step
from services.proposals.store import cases, experience, outcomes

REQUESTED_BY: Final = "canary"
StepOf = Callable[[Event[Any]], Step]


async def watch(
    connection: AsyncConnection, tenant: TenantId, events: Sequence[Event[EpisodeRecorded]], step_of: StepOf
) -> list[Emission]:
    """Count one tenant's episodes, and do what follows for its fixed cases."""
    ran = [(event, data) for event in events if (data := event.data) is not None and data.skill is not None]
    agents = {data.agent_id for _, data in ran}
    skills = {data.skill.name for _, data in ran if data.skill}
    emissions: list[Emission] = []
    known = await cases.watched(connection, tenant, agents, skills) if ran else []
    watched = [case for case in known if any(_may_decide(data, case) for _, data in ran)]
    counts = await outcomes.of_cases(connection, tenant, watched)
    for case in watched:
        assert case.skill is not None, "what was fixed has a skill"
        mine = [
            (event, data)
            for event, data in ran
            if data.skill and (data.agent_id, data.skill.name) == (case.agent_id, case.skill.name)
        ]
        emissions += await _follow(case, Watch(case.base_promoted, case.promoted, counts[case.case_id]), mine, step_of)
    await outcomes.add(connection, (data for _, data in ran))
    return emissions


async def canary_of(case: Case, connection: AsyncConnection) -> Canary:
    """What has been counted for the case so far."""
    counts = await outcomes.of_cases(connection, case.tenant_id, [case])
    return Watch(case.base_promoted, case.promoted, counts[case.case_id]).canary


async def judge(case: Case, canary: Canary, step: Step) -> list[Emission]:
    """What follows for a case whose version had run before its promotion was read here."""
    _, emissions = await _found(case, canary, step)
    return emissions


def _may_decide(episode: EpisodeRecorded, case: Case) -> bool:
    """Whether anything can follow from it; what only changes the old rate is found in the tables later on."""
    assert episode.skill is not None
    good = case.state is CaseState.CANARY and episode.skill.promoted == case.promoted
    return episode.case_id == case.case_id or good


async def _follow(
    case: Case, watched: Watch, episodes: Sequence[tuple[Event[EpisodeRecorded], EpisodeRecorded]], step_of: StepOf
) -> list[Emission]:
    emissions: list[Emission] = []
    for event, episode in episodes:
        assert episode.skill is not None
        recurs = episode.executions if episode.case_id == case.case_id else 0
        told: list[Emission] = []
        if case.skill and episode.skill.function_hash == case.skill.function_hash:
            failures = episode.executions if episode.outcome.is_failure else 0
            watched = watched.after(episode.skill.promoted, Counts(episode.executions, failures, recurs))
            if episode.skill.promoted == case.promoted and case.state in FIXED:
                case, told = await _found(case, watched.canary, step_of(event), recurred=recurs > 0)
        if recurs and case.fails_elsewhere(episode.skill):
            case, told = await _failed_elsewhere(case, recurs, step_of(event))
        emissions += told
        if case.state is CaseState.OPEN:
            break
    return emissions


async def _found(case: Case, canary: Canary, step: Step, *, recurred: bool = False) -> tuple[Case, list[Emission]]:
    """What follows for a fixed case from what its version has shown."""
    if case.canary_failed:
        return case, []  # until the rollback that was asked for has come
    finding = canary.finding
    if case.state is CaseState.VERIFIED:
        if finding in (Finding.PARTIAL, Finding.WORSE):
            return await _reopen(case, step, canary)
        return case, []
    match finding:
        case Finding.VERIFIED:
            reason = f"{canary.good} good outcomes, {canary.needed} were needed; {canary.described()}"
            verified = case.to(CaseState.VERIFIED, reason)
            await _learn(case, step.connection)
            return verified, await step.save(verified, case.state, canary.counted())
        case Finding.WORSE:
            return await _ask_for_rollback(case, canary, step)
        case Finding.PARTIAL:
            return await _reopen(case, step, canary)
        case Finding.UNDECIDED:
            return await _go_on(case, canary, step, recurred=recurred)


async def _learn(case: Case, connection: AsyncConnection) -> None:
    """What fixed it counts for its operators from now on."""
    if case.fixed_by is not None:
        search = await cases.search_of(connection, case)
        await experience.add(connection, case.tenant_id, of_right(case.fixed_by, kinds(search.calls)))


async def _go_on(case: Case, canary: Canary, step: Step, *, recurred: bool) -> tuple[Case, list[Emission]]:
    if not recurred and canary.quarters <= case.canary_quarters:
        return case, []
    progress = replace(
        case,
        canary_quarters=max(canary.quarters, case.canary_quarters),
        reason=f"{canary.good} of {canary.needed} good outcomes; {canary.described()}",
    )
    return progress, await step.save(progress, case.state, canary.counted())


async def _ask_for_rollback(case: Case, canary: Canary, step: Step) -> tuple[Case, list[Emission]]:
    assert case.skill is not None
    assert case.promoted is not None, "a canary is of a promoted version"
    failed = replace(case, canary_failed=True, reason=canary.described())
    request = RollbackRequested(
        tenant_id=case.tenant_id,
        skill=case.skill.name,
        code_hash=case.promoted,
        case_id=case.case_id,
        requested_by=REQUESTED_BY,
        reason=failed.reason,
    )
    return failed, [*await step.save(failed, case.state, canary.counted()), step.emit(request, failed)]


async def _reopen(case: Case, step: Step, canary: Canary) -> tuple[Case, list[Emission]]:
    reopened = case.reopened(f"{RECURRENCES} failures since it was fixed: {canary.described()}")
    return reopened, [*await step.save(reopened, case.state, canary.counted()), *await step.start(reopened)]


async def _failed_elsewhere(case: Case, failures: int, step: Step) -> tuple[Case, list[Emission]]:
    """Failures that no promoted version answers for; the one that is too many opens the case again."""
    counted = replace(case, recurrences=case.recurrences + failures)
    if counted.recurrences < RECURRENCES:
        await cases.save(step.connection, counted)
        return counted, []
    since = "rolled back" if case.state is CaseState.ROLLED_BACK else "fixed"
    reopened = case.reopened(f"failed {RECURRENCES} times since it was {since}")
    return reopened, [*await step.save(reopened, case.state), *await step.start(reopened)]
