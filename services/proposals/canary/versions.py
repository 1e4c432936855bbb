"""Versions of skills come and go: what that makes of the cases that they answer for.

The topic of promoted versions alone says which of two is the later.
"""

from __future__ import annotations

from dataclasses import replace

from autodev.events.models.case import CaseState, SkillPromoted
from autodev.ids import SkillName, TenantId
from autodev.repair import RepairError, fingerprint
from autodev.stream.emission import Emission
from services.proposals.canary.watching import canary_of, judge
from services.proposals.domain.case import FIXED, Case
from services.proposals.search.step import Step
from services.proposals.store import cases, outcomes, skills, versions


async def promoted(version: SkillPromoted, step: Step) -> list[Emission]:
    """The case that it fixes goes to canary; those that earlier versions fixed go on under it.

    A version that takes its place again after a later one failed fixes no case anew.
    """
    await skills.promote(step.connection, version)
    if await versions.record(step.connection, version):
        await outcomes.forget(step.connection, version.tenant_id, version.skill, version.code_hash)
    fixed = await cases.of_skill(step.connection, version.tenant_id, version.skill, FIXED)
    if version.rolls_back is None:
        emissions = []
    else:
        failed = await versions.case_of(step.connection, version.tenant_id, version.skill, version.rolls_back)
        emissions = await _roll_back([case for case in fixed if case.case_id == failed], fixed, step, version)
        fixed = [case for case in fixed if case.case_id != failed]
    for case in fixed:
        emissions += await _go_on(case, version, step)
    return emissions if version.rolls_back else [*emissions, *await _begin(version, step)]


async def withdrawn(tenant: TenantId, skill: SkillName, step: Step) -> list[Emission]:
    """With the skill's promoted version goes the fix of every case that it answered for."""
    await skills.withdraw(step.connection, tenant, skill)
    fixed = await cases.of_skill(step.connection, tenant, skill, FIXED)
    return await _roll_back(fixed, fixed, step)


async def _begin(version: SkillPromoted, step: Step) -> list[Emission]:
    case = await cases.find(step.connection, version.tenant_id, version.case_id)
    if case is None or case.state in FIXED:
        return []
    told = f"promoted as {version.version}, approved by {version.approved_by}"
    fixed = case.kept_fixed_by(version).to(CaseState.CANARY, told)
    fixed = replace(fixed, fixed_by=await _operator_of(version, case, step))
    canary = await canary_of(fixed, step.connection)
    saved = await step.save(fixed, case.state, canary.counted())
    return [*saved, *await step.start_freed(fixed), *await judge(fixed, canary, step)]


async def _operator_of(version: SkillPromoted, case: Case, step: Step) -> str | None:
    try:
        program = fingerprint(version.code)
    except RepairError:  # nothing that a search has made
        return None
    return await cases.operator_of(step.connection, case, program)


async def _go_on(case: Case, version: SkillPromoted, step: Step) -> list[Emission]:
    kept = case.kept_fixed_by(version)
    if kept.state is not CaseState.CANARY:
        await cases.save(step.connection, kept)
        return []
    kept = kept.told(f"counted anew under {version.version}")
    canary = await canary_of(kept, step.connection)
    return [*await step.save(kept, case.state, canary.counted()), *await judge(kept, canary, step)]


async def _roll_back(
    leaving: list[Case], fixed: list[Case], step: Step, restored: SkillPromoted | None = None
) -> list[Emission]:
    """End the fixes of `leaving`; whether counts did it, any of the `fixed` cases may say."""
    by_counts = any(case.canary_failed for case in fixed)
    emissions = []
    for case in leaving:
        counted = None
        if case.canary_failed:
            reason = f"rolled back: {case.reason}"
            counted = (await canary_of(case, step.connection)).counted()
        elif restored is not None:
            reason = f"its version was rolled back to {restored.version}"
        else:
            reason = "the promoted version was withdrawn"
        running = restored.code_hash if restored else None
        back = case.rolled_back(reason, running, by_counts=by_counts)
        emissions += await step.save(back, case.state, counted)
    return emissions
