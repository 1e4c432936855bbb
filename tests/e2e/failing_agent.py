"""Reports of an agent whose tools fail: what the SDK would send, made by hand so that runs can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from autodev.events.models.agent import SkillExecutionEvent, SkillRegistered
from autodev.events.models.base import EventData, utc_now
from autodev.events.models.call import Arguments, Call, Frame, Raised, Returned, SkillRef
from autodev.events.models.workspace import AgentGranted, AutoDevSettings, Capability, Maturity, WorkspaceConfigured
from autodev.ids import AgentId, TenantId, sha256

AGENT = AgentId("scout")

MODULE = """import autodev


def half_or_none(result, row):
    if row["n"] == "NA":
        return result is None
    return result == int(row["n"]) / 2


def share_or_none(result, row):
    if row["whole"] == 0:
        return result is None
    return result is not None and abs(result * row["whole"] - row["part"]) < 1e-9


def name_or_none(result, row, names):
    return result == names[row["code"]] if row["code"] in names else result is None


@autodev.skill(ensures=half_or_none)
def half(row):
    return int(row["n"]) / 2


@autodev.skill(ensures=share_or_none)
def share(row):
    return row["part"] / row["whole"]


@autodev.skill(ensures=name_or_none)
def name_of(row, names):
    name = names[row["code"]]
    return name
"""
SKILLS = ("half", "share", "name_of")
NAMES = {"UA": "United", "AA": "American"}


def opted_in(tenant: str, maturity: Maturity = Maturity.AUTONOMOUS) -> list[EventData]:
    """What an operator decides before anything may be learnt."""
    settings = AutoDevSettings(enabled=True, max_skill_candidates_per_day=100)
    return [
        WorkspaceConfigured(tenant_id=TenantId(tenant), settings=settings, changed_by="test"),
        AgentGranted(
            tenant_id=TenantId(tenant),
            agent_id=AGENT,
            capability=Capability.MEMENTO_SKILLS,
            maturity=maturity,
            granted_by="test",
        ),
    ]


def work(
    tenant: str,
    calls: int,
    started: datetime | None = None,
    *,
    first: int = 0,
    every: timedelta = timedelta(milliseconds=1),
) -> Iterator[EventData]:
    """The module, then `calls` executions of its skills in turn from the `first` on, every third of each a failure."""
    yield SkillRegistered(
        tenant_id=TenantId(tenant), agent_id=AGENT, content_hash=sha256(MODULE), module="tools", source=MODULE
    )
    started = started or utc_now() - timedelta(seconds=2)
    for number in range(first, first + calls):
        skill = SKILLS[number % len(SKILLS)]
        call = _call(skill, number // len(SKILLS))
        yield SkillExecutionEvent(
            execution_id=f"{tenant}-{number}",
            agent_id=AGENT,
            tenant_id=TenantId(tenant),
            skill_id=skill,
            skill_name=skill,
            success=isinstance(call.outcome, Returned),
            occurred_at=started + (number - first) * every,
            skill=SkillRef(name=skill, content_hash=sha256(MODULE), function_hash=sha256(skill)),
            call=call,
        )


def _call(skill: str, number: int) -> Call:
    fails = number % 3 == 0
    if skill == "half":
        row = {"n": "NA" if fails else str(number), "row": str(number)}
        failing = _raised(
            "ValueError", "invalid literal for int() with base 10: 'NA'", skill, 'return int(row["n"]) / 2'
        )
        return _outcome(skill, (row,), failing if fails else Returned(value=number / 2))
    if skill == "share":
        whole = 0 if fails else 4
        failing = _raised("ZeroDivisionError", "division by zero", skill, 'return row["part"] / row["whole"]')
        return _outcome(skill, ({"part": number, "whole": whole},), failing if fails else Returned(value=number / 4))
    code = "XX" if fails else "UA"
    failing = _raised("KeyError", "'XX'", skill, 'name = names[row["code"]]')
    row = {"code": code, "row": str(number)}
    return _outcome(skill, (row, NAMES), failing if fails else Returned(value=NAMES["UA"]))


def _raised(kind: str, message: str, function: str, statement: str) -> Raised:
    return Raised(type=kind, message=message, frames=(Frame(function=function, statement=statement),))


def _outcome(skill: str, arguments: tuple[object, ...], outcome: Raised | Returned) -> Call:
    return Call(entrypoint=skill, arguments=Arguments(args=arguments), outcome=outcome)
