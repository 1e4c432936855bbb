"""The way of one failure from its request to the version that agents load, and what may happen to that."""

from __future__ import annotations

from typing import Any

import pytest

from autodev.events.envelope import Event
from autodev.events.models.case import (
    ApprovalDecided,
    ApprovalRequested,
    CaseChanged,
    CaseState,
    SkillPromoted,
    SkillWithdrawn,
    WithdrawalRequested,
)
from autodev.events.models.workspace import Maturity
from tests.integration.loopback import speed
from tests.integration.loopback.learning import Learning

pytestmark = pytest.mark.postgres
MISSING: dict[str, Any] = {"outcome": speed.MISSING, "air_time": None}


def calls(signature: str = "zero", **changes: Any) -> list[Event[Any]]:
    """Evidence of which a part is held out, and a good call to keep."""
    failing = [speed.failed(distance, signature=signature, **changes) for distance in (1, 2, 3)]
    return [*failing, speed.went_well(ran=changes.get("ran", speed.SKILL))]


def ways(learning: Learning, signature: str = "zero") -> list[CaseState]:
    """The states of a case in order, each once in a row."""
    states = [change.state for change in learning.said(CaseChanged) if change.case_id == speed.case_of(signature)]
    return [state for index, state in enumerate(states) if index == 0 or states[index - 1] is not state]


def runs_on(version: SkillPromoted, air_time: Any) -> Any:
    names: dict[str, Any] = {}
    exec(version.code, names)
    return names["speed"]({"distance": 100, "air_time": air_time})


def decision(request: ApprovalRequested, *, approved: bool) -> Event[ApprovalDecided]:
    data = ApprovalDecided(
        tenant_id=request.tenant_id,
        case_id=request.case_id,
        candidate_id=request.candidate_id,
        approved=approved,
        reviewer="grace",
    )
    return speed.said(data, request.case_id)


def withdrawal() -> Event[WithdrawalRequested]:
    return speed.said(WithdrawalRequested(tenant_id=speed.TENANT, skill=speed.SPEED, requested_by="ada"))


async def test_an_autonomous_agents_failure_becomes_a_version_that_no_longer_fails(learning: Learning) -> None:
    await learning.say(speed.configured(), speed.granted(), speed.registered(), *calls(), speed.requested())
    [version] = learning.said(SkillPromoted)
    assert ways(learning) == [CaseState.OPEN, CaseState.SEARCHING, CaseState.CANARY]
    assert (runs_on(version, 0), runs_on(version, 60)) == (None, 100.0)


async def test_a_supervised_agents_fix_waits_for_a_person_and_then_goes_out(learning: Learning) -> None:
    trusted = speed.granted(Maturity.SUPERVISED)
    await learning.say(speed.configured(), trusted, speed.registered(), *calls(), speed.requested())
    assert learning.said(SkillPromoted) == []
    [request] = learning.said(ApprovalRequested)
    await learning.say(decision(request, approved=True))
    [version] = learning.said(SkillPromoted)
    assert version.approved_by == "grace"
    assert ways(learning)[-2:] == [CaseState.AWAITING_APPROVAL, CaseState.CANARY]


async def test_a_second_failure_of_the_skill_is_fixed_on_top_of_the_first(learning: Learning) -> None:
    await learning.say(speed.configured(), speed.granted(), speed.registered(), *calls(), speed.requested())
    [first] = learning.said(SkillPromoted)
    ran = speed.skill(promoted=first.code_hash)
    await learning.say(*calls("missing", **MISSING, ran=ran), speed.requested(signature="missing", ran=ran))
    _, second = learning.said(SkillPromoted)
    assert (second.version, second.replaces) == ("1.0.1", first.code_hash)
    assert [runs_on(second, value) for value in (0, None, 60)] == [None, None, 100.0]


async def test_a_withdrawn_fix_is_promoted_again_by_a_person_only(learning: Learning) -> None:
    await learning.say(speed.configured(), speed.granted(), speed.registered(), *calls(), speed.requested())
    await learning.say(withdrawal())
    assert ways(learning)[-1] is CaseState.ROLLED_BACK
    await learning.say(speed.requested())
    assert ways(learning)[-1] is CaseState.AWAITING_APPROVAL
    await learning.say(decision(learning.said(ApprovalRequested)[-1], approved=True))
    first, second = learning.said(SkillPromoted)
    assert (first.code, second.version) == (second.code, "1.0.1")
    assert ways(learning)[-1] is CaseState.CANARY


async def test_an_approval_that_came_too_late_leads_to_a_new_search_on_the_new_base(learning: Learning) -> None:
    trusted = speed.granted(Maturity.SUPERVISED)
    await learning.say(speed.configured(), trusted, speed.registered(), *calls(), speed.requested())
    await learning.say(*calls("missing", **MISSING), speed.requested(signature="missing", outcome=speed.MISSING))
    one, other = learning.said(ApprovalRequested)
    await learning.say(decision(one, approved=True), decision(other, approved=True))
    assert ways(learning, "missing")[-1] is CaseState.AWAITING_APPROVAL
    await learning.say(decision(learning.said(ApprovalRequested)[-1], approved=True))
    first, second = learning.said(SkillPromoted)
    assert second.replaces == first.code_hash
    assert [runs_on(second, value) for value in (0, None, 60)] == [None, None, 100.0]


async def test_a_fix_that_fails_more_often_than_what_it_replaced_makes_room_for_it_again(learning: Learning) -> None:
    await learning.say(speed.configured(), speed.granted(), speed.registered(), *calls(), speed.requested())
    [first] = learning.said(SkillPromoted)
    ran = speed.skill(promoted=first.code_hash)
    await learning.say(*calls("missing", **MISSING, ran=ran), speed.requested(signature="missing", ran=ran))
    second = learning.said(SkillPromoted)[-1]
    ran = speed.skill(promoted=second.code_hash)
    await learning.say(*(speed.failed(distance, signature="missing", **MISSING, ran=ran) for distance in (31, 32)))
    restored = learning.said(SkillPromoted)[-1]
    assert (restored.version, restored.code, restored.rolls_back) == ("1.0.2", first.code, second.code_hash)
    assert (ways(learning)[-1], ways(learning, "missing")[-1]) == (CaseState.CANARY, CaseState.ROLLED_BACK)


async def test_the_only_fix_is_withdrawn_when_it_fails_more_often_than_the_original(learning: Learning) -> None:
    await learning.say(speed.configured(), speed.granted(), speed.registered(), *calls(), speed.requested())
    [version] = learning.said(SkillPromoted)
    ran = speed.skill(promoted=version.code_hash)
    await learning.say(*(speed.failed(distance, ran=ran) for distance in (31, 32)))
    [withdrawn] = learning.said(SkillWithdrawn)
    assert (withdrawn.requested_by, withdrawn.restored) == ("canary", None)
    assert ways(learning)[-1] is CaseState.ROLLED_BACK


async def test_all_that_was_said_said_again_changes_nothing(learning: Learning) -> None:
    await learning.say(speed.configured(), speed.granted(), speed.registered(), *calls(), speed.requested())
    log = list(learning.log)
    reported = [event for event in log if event.source == "/tests"]
    await learning.say(*reported)
    assert len(learning.log) == len(log) + len(reported)
