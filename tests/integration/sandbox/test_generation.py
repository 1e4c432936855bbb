"""A generation on a real engine, from the event to the event."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from autodev import values
from autodev.events.envelope import new_event
from autodev.events.models.call import Arguments, CallOutcome, Raised, Returned, SkillRef
from autodev.events.models.search import (
    Candidate,
    CandidateRun,
    CandidatesExecuted,
    CandidatesProposed,
    EvidenceCall,
    PropertyVerdict,
    Role,
    Share,
)
from autodev.ids import AgentId, CallId, CandidateId, CaseId, Sha256, TenantId
from autodev.sandbox import Policy, Verdict, namespace_engine
from services.sandbox.gatekeeper import Gatekeeper, GateSettings
from services.sandbox.handlers import on_proposed
from services.sandbox.isolation import Isolation

pytestmark = pytest.mark.isolation

MODULE = """
import autodev
from pathlib import Path

calls = [0]

def plausible(result, flight):
    return result is None or result > 0

@autodev.skill(ensures=plausible)
def speed(flight):
    return 60 * flight["distance"] / float(flight["air_time"])
"""
RAISED = Raised(type="ValueError")
FAILING, PASSING = CallId("failing"), CallId("passing")
CANDIDATES = {
    "base": None,
    "right": """
def speed(flight):
    return None if flight["air_time"] == "NA" else 60 * flight["distance"] / float(flight["air_time"])
""",
    "refused": """
def speed(flight):
    return -1.0 if flight["air_time"] == "NA" else 60 * flight["distance"] / float(flight["air_time"])
""",
    "changed": "def speed(flight):\n    return 1.0\n",
    "hanging": "def speed(flight):\n    while True: pass\n",
    "sabotage": """
def speed(flight):
    Path("/tmp/left").touch()
    Path.touch = None
    raise SystemExit(0)
""",
    "cheat": """
def speed(flight):
    calls[0] += 1
    return 300.0 if calls[0] == 2 else None
""",
}


def evidence(call_id: CallId, role: Role, air_time: str, recorded: CallOutcome) -> EvidenceCall:
    flight: Any = values.encode({"distance": 200, "air_time": air_time})
    return EvidenceCall(
        call_id=call_id, role=role, share=Share.SEARCH, arguments=Arguments(args=(flight,)), recorded=recorded
    )


def candidate(name: str) -> Candidate:
    return Candidate(
        candidate_id=CandidateId(name),
        code=CANDIDATES[name],
        code_hash=Sha256("a" * 64),
        operator="guard",
        description=name,
        size=5,
        risk=0.05 if name == "cheat" else 0.1,
    )


async def executed(*names: str) -> CandidatesExecuted:
    proposed = CandidatesProposed(
        tenant_id=TenantId("acme"),
        agent_id=AgentId("scout"),
        case_id=CaseId("case"),
        round=1,
        generation=1,
        skill=SkillRef(name="speed", content_hash="a" * 64, function_hash="b" * 64),
        entrypoint="speed",
        module_source=MODULE,
        base_code="",
        base_promoted=None,
        candidates=tuple(map(candidate, ("base", *names))),
        evidence=(
            evidence(FAILING, Role.FAILING, "NA", RAISED),
            evidence(PASSING, Role.PASSING, "40", Returned(value=300.0)),
        ),
        first_failure_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    isolation = Isolation(Policy(wall_seconds=30, call_seconds=1), 2)
    await isolation.prove(namespace_engine)
    connection = AsyncConnection(create_async_engine("postgresql+asyncpg://unused"))
    with closing(Gatekeeper(GateSettings())) as gatekeeper:
        (emission,) = await on_proposed(isolation, gatekeeper)(new_event(proposed, source="/test"), connection)
    assert isinstance(emission.data, CandidatesExecuted)
    return emission.data


def summary(run: CandidateRun) -> list[tuple[Verdict, Any, PropertyVerdict]]:
    return [(call.verdict, getattr(call.outcome, "value", None), call.property) for call in run.calls]


async def test_the_facts_of_a_generation() -> None:
    facts = await executed("right", "refused", "changed", "hanging", "sabotage", "cheat")

    assert facts.engine == "namespaces"
    held, violated, absent = PropertyVerdict.HELD, PropertyVerdict.VIOLATED, PropertyVerdict.ABSENT
    assert {run.candidate_id: summary(run) for run in facts.runs} == {
        "base": [(Verdict.GUEST_ERROR, None, absent), (Verdict.OK, 300.0, held)],
        "right": [(Verdict.OK, None, held), (Verdict.OK, 300.0, held)],
        "refused": [(Verdict.OK, -1.0, violated), (Verdict.OK, 300.0, held)],
        "changed": [(Verdict.OK, 1.0, held), (Verdict.OK, 1.0, held)],
        "hanging": [(Verdict.WALL_TIMEOUT, None, absent), (Verdict.NO_RESULT, None, absent)],
        "sabotage": [(Verdict.GUEST_ERROR, None, absent)] * 2,
        # Its turn comes first. Right in the shared run, where its calls counted each other; alone it is not.
        "cheat": [(Verdict.OK, None, held), (Verdict.OK, None, held)],
    }
