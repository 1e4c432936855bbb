"""From failures on real topics to promoted versions, through services that each run on their own."""

from __future__ import annotations

import pytest

from autodev.events.catalogue import APPROVAL_REQUESTED, CANDIDATES_SCORED, CASE_CHANGED, SKILL_PROMOTED
from autodev.events.models.case import ApprovalDecided
from autodev.events.models.workspace import Maturity
from tests.e2e.failing_agent import SKILLS, opted_in, work
from tests.e2e.installation import Installation, eventually

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.isolation, pytest.mark.timeout(300)]


async def test_every_failing_skill_is_fixed_and_promoted(installation: Installation) -> None:
    await installation.report([*opted_in("fixed"), *work("fixed", 90)])

    async def promoted() -> set[str]:
        versions = await installation.data_of(SKILL_PROMOTED, "fixed")
        names = {data.skill for data in versions}
        return names if names == set(SKILLS) else set()

    await eventually(promoted, "all skills are promoted")
    for data in await installation.data_of(SKILL_PROMOTED, "fixed"):
        assert data.version == "1.0.0"
        assert "None" in data.code


async def test_nothing_is_learnt_where_nobody_opted_in(installation: Installation) -> None:
    await installation.report(work("silent", 30))

    async def waiting() -> list[str]:
        return [data.reason for data in await installation.data_of(CASE_CHANGED, "silent")]

    reasons = await eventually(waiting, "the case says what it waits for")
    assert any("autodev workspace set enabled=true" in reason for reason in reasons)
    assert not await installation.data_of(CANDIDATES_SCORED, "silent")


async def test_an_agent_that_is_not_autonomous_waits_for_a_person(installation: Installation) -> None:
    await installation.report([*opted_in("asked", Maturity.SUPERVISED), *work("asked", 30)])

    async def requests() -> list[ApprovalDecided]:
        asked = await installation.data_of(APPROVAL_REQUESTED, "asked")
        approvals = [
            ApprovalDecided(
                tenant_id=data.tenant_id,
                case_id=data.case_id,
                candidate_id=data.candidate_id,
                approved=True,
                reviewer="ann",
            )
            for data in asked
        ]
        return approvals if len(approvals) == len(SKILLS) else []

    decisions = await eventually(requests, "every fix asks for approval")
    assert not await installation.data_of(SKILL_PROMOTED, "asked")
    await installation.report(decisions)

    async def promoted() -> list[str]:
        versions = await installation.data_of(SKILL_PROMOTED, "asked")
        return [data.approved_by for data in versions] if len(versions) == len(SKILLS) else []

    assert await eventually(promoted, "what was approved is promoted") == ["ann"] * len(SKILLS)
