"""A skill that fails on real-looking flights, and the events that tell of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from autodev.events.envelope import Event, new_event
from autodev.events.models.agent import Outcome, SkillRegistered
from autodev.events.models.base import EventData
from autodev.events.models.call import Arguments, Call, CallOutcome, Frame, Raised, Returned, SkillRef
from autodev.events.models.failure import EpisodeRecorded, LearningRequested
from autodev.events.models.workspace import (
    AgentGranted,
    AutoDevSettings,
    Capability,
    Maturity,
    WorkspaceConfigured,
)
from autodev.ids import AgentId, CaseId, EpisodeId, EventId, Sha256, SkillName, TenantId, case_id, new_event_id, sha256

TENANT: Final = TenantId("acme")
AGENT: Final = AgentId("scout")
SPEED: Final = SkillName("speed")
AT: Final = datetime(2026, 11, 22, 11, 59, tzinfo=UTC)
STATEMENT: Final = 'return 60 * flight["distance"] / flight["air_time"]'
FUNCTION: Final = f"def speed(flight):\n    {STATEMENT}\n"
MODULE: Final = f'"""Tools."""\n\n\n{FUNCTION}'
SKILL: Final = SkillRef(name=SPEED, content_hash=sha256(MODULE), function_hash=sha256(FUNCTION))
ZERO: Final = Raised(
    type="ZeroDivisionError", message="division by zero", frames=(Frame(function="speed", statement=STATEMENT),)
)
MISSING: Final = Raised(
    type="TypeError",
    message="unsupported operand type(s) for /: 'int' and 'NoneType'",
    frames=(Frame(function="speed", statement=STATEMENT),),
)


def skill(name: SkillName = SPEED, *, promoted: Sha256 | None = None) -> SkillRef:
    """All skills here share one module and one function; their names differ."""
    return SKILL.model_copy(update={"name": name, "promoted": promoted})


def case_of(signature: str = "zero", tenant: TenantId = TENANT, agent: AgentId = AGENT) -> CaseId:
    return case_id(tenant, agent, signature)


def said(data: EventData, case: CaseId | None = None, *, id: str | None = None) -> Event[Any]:  # noqa: A002
    event = new_event(data, source="/tests", correlation_id=case)
    return event if id is None else Event(EventId(id), event.source, event.type, event.time, event.key, data, case)


def failed(
    distance: int = 100,
    *,
    signature: str = "zero",
    outcome: CallOutcome = ZERO,
    air_time: Any = 0,
    tenant: TenantId = TENANT,
    agent: AgentId = AGENT,
    ran: SkillRef = SKILL,
    after: timedelta = timedelta(0),
    executions: int = 1,
) -> Event[EpisodeRecorded]:
    """Another distance is another call."""
    case = case_of(signature, tenant, agent)
    flight = {"distance": distance, "air_time": air_time}
    data = EpisodeRecorded(
        tenant_id=tenant,
        agent_id=agent,
        episode_id=EpisodeId(f"e-{distance}"),
        reported_as=new_event_id(),
        occurred_at=AT + after,
        outcome=Outcome.FAILURE,
        skill=ran,
        call=Call(entrypoint="speed", arguments=Arguments(args=(flight,)), outcome=outcome),
        signature=signature,
        case_id=case,
        executions=executions,
    )
    return said(data, case)


def went_well(
    distance: int = 100,
    *,
    tenant: TenantId = TENANT,
    agent: AgentId = AGENT,
    ran: SkillRef = SKILL,
    executions: int = 1,
) -> Event[EpisodeRecorded]:
    call = Call(
        entrypoint="speed",
        arguments=Arguments(args=({"distance": distance, "air_time": 60},)),
        outcome=Returned(value=float(distance)),
    )
    data = EpisodeRecorded(
        tenant_id=tenant,
        agent_id=agent,
        episode_id=EpisodeId(f"g-{distance}"),
        reported_as=new_event_id(),
        occurred_at=AT,
        outcome=Outcome.SUCCESS,
        skill=ran,
        call=call,
        executions=executions,
    )
    return said(data)


def counted(executions: int, *, ran: SkillRef = SKILL, agent: AgentId = AGENT, success: bool = True) -> Event[Any]:
    """Executions without a call that stands for them."""
    data = EpisodeRecorded(
        tenant_id=TENANT,
        agent_id=agent,
        episode_id=EpisodeId(f"n-{executions}"),
        reported_as=new_event_id(),
        occurred_at=AT,
        outcome=Outcome.SUCCESS if success else Outcome.FAILURE,
        skill=ran,
        executions=executions,
    )
    return said(data)


def requested(
    *,
    signature: str = "zero",
    outcome: Raised = ZERO,
    tenant: TenantId = TENANT,
    agent: AgentId = AGENT,
    ran: SkillRef | None = SKILL,
) -> Event[LearningRequested]:
    case = case_of(signature, tenant, agent)
    data = LearningRequested(
        tenant_id=tenant,
        agent_id=agent,
        case_id=case,
        signature=signature,
        skill=ran,
        error_type=outcome.type,
        count=2,
        within_seconds=300,
        first_failure_at=AT,
        last_failure_at=AT,
    )
    return said(data, case)


def registered(tenant: TenantId = TENANT, source: str = MODULE) -> Event[SkillRegistered]:
    return said(
        SkillRegistered(tenant_id=tenant, agent_id=AGENT, content_hash=sha256(source), module="tools", source=source)
    )


def configured(tenant: TenantId = TENANT, **settings: Any) -> Event[WorkspaceConfigured]:
    """Opted in, unless said otherwise."""
    chosen = AutoDevSettings(**({"enabled": True} | settings))
    return said(WorkspaceConfigured(tenant_id=tenant, settings=chosen, changed_by="ada"))


def granted(
    maturity: Maturity = Maturity.AUTONOMOUS, *, tenant: TenantId = TENANT, agent: AgentId = AGENT
) -> Event[AgentGranted]:
    return said(
        AgentGranted(
            tenant_id=tenant,
            agent_id=agent,
            capability=Capability.MEMENTO_SKILLS,
            maturity=maturity,
            granted_by="ada",
        )
    )
