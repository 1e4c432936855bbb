"""What one generation holds."""

from __future__ import annotations

import ast
from datetime import UTC, datetime

import pytest

from autodev.events.models.call import Arguments, Frame, Raised, SkillRef
from autodev.events.models.case import CaseState
from autodev.events.models.search import EvidenceCall, ObservedFailure, Role, Share
from autodev.ids import AgentId, CallId, CaseId, Sha256, TenantId
from autodev.repair import RepairError
from services.proposals.domain.case import Case
from services.proposals.domain.generation import Base, failures, proposal, unmodified

MODULE = """import autodev

LIMIT = 3


@autodev.skill(name="speed")
def speed(flight):
    return 60 / flight["time"]


def other():
    return LIMIT
"""
PROMOTED = """def speed(flight):
    if not flight["time"]:
        return None
    return 60 / flight["time"]
"""
SKILL = SkillRef(name="speed", content_hash="a" * 64, function_hash="b" * 64)
CASE = Case(
    tenant_id=TenantId("acme"),
    agent_id=AgentId("scout"),
    case_id=CaseId("c1"),
    signature="s1",
    error_type="ZeroDivisionError",
    skill=SKILL,
    round=1,
    state=CaseState.SEARCHING,
    reason="",
    generation=1,
    tried=0,
    first_failure_at=datetime(2026, 11, 22, tzinfo=UTC),
)


def call(number: int, share: Share = Share.SEARCH) -> EvidenceCall:
    return EvidenceCall(
        call_id=CallId(f"call-{number}"),
        role=Role.FAILING,
        share=share,
        arguments=Arguments(args=({"time": 0},)),
        recorded=Raised(type="ZeroDivisionError", frames=(Frame(function="speed", statement="old line"),)),
    )


ORIGINAL = Base(SKILL, "speed", MODULE)
SECOND = Base(SKILL, "speed", MODULE, Sha256("c" * 64), PROMOTED)


def test_the_unmodified_skill_is_the_first_candidate_and_runs_as_registered() -> None:
    [candidate, *rest] = proposal(CASE, ORIGINAL, [call(1)], []).candidates
    assert (candidate.operator, candidate.code, rest) == ("unmodified", None, [])


def test_after_a_promotion_the_unmodified_skill_is_the_promoted_one() -> None:
    assert unmodified(CASE, SECOND).code == PROMOTED


def test_engines_read_the_module_with_the_promoted_function_in_place() -> None:
    module = SECOND.current_module()
    assert PROMOTED in module
    names = [node.name for node in ast.parse(module).body if isinstance(node, ast.FunctionDef)]
    assert names == ["speed", "other"]
    assert '@autodev.skill(name="speed")\ndef speed' in module


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_the_promoted_function_takes_its_place_whatever_ends_the_lines_before_it(ending: str) -> None:
    above = f'MARK = "a\u2028b"{ending}\f{ending}'
    source = above + MODULE.replace("\n", ending)
    module = Base(SKILL, "speed", source, Sha256("c" * 64), PROMOTED).current_module()
    assert ast.unparse(ast.parse(module)) == ast.unparse(ast.parse(f'MARK = "a\u2028b"\n{SECOND.current_module()}'))


def test_engines_see_the_search_part_only() -> None:
    seen = failures(ORIGINAL, [call(1), call(2, Share.HELD_OUT)], {})
    assert len(seen) == 1
    assert seen[0].arguments == {"flight": {"time": 0}}


def test_what_the_sandbox_just_saw_replaces_what_was_recorded_under_an_older_version() -> None:
    now = Raised(type="ZeroDivisionError", frames=(Frame(function="speed", statement="new line"),))
    [failure] = failures(SECOND, [call(1)], {CallId("call-1"): ObservedFailure(call_id=CallId("call-1"), raised=now)})
    assert [frame.text for frame in failure.frames] == ["new line"]


def test_a_module_without_the_function_can_not_be_proposed_for() -> None:
    with pytest.raises(RepairError):
        proposal(CASE, Base(SKILL, "gone", MODULE), [call(1)], [])
