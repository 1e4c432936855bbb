"""How far each agent is trusted, per capability."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, status
from pydantic import BaseModel, BeforeValidator
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.models.call import Message, Person
from autodev.events.models.workspace import AgentGranted, Capability, Maturity
from autodev.ids import AgentField, AgentId
from services.console import store
from services.console.api.parameters import Accepted, Engine, Execute, Limit, Tenant
from services.console.api.problems import PROBLEMS
from services.console.commands import Decision
from services.console.domain.workspace import Agent, Grant

router = APIRouter(prefix="/v1/tenants/{tenant}/agents", tags=["agents"], responses=PROBLEMS)
PREFIX = "auto_dev."


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _qualified(value: Any) -> Any:
    return f"{PREFIX}{value}" if isinstance(value, str) and not value.startswith(PREFIX) else value


class AgentView(BaseModel):
    agent_id: AgentId
    maturity: dict[Capability, Grant]


class GrantBody(BaseModel):
    capability: Annotated[Capability, BeforeValidator(_qualified)] = Capability.MEMENTO_SKILLS
    """With or without the prefix ``auto_dev.``."""
    maturity: Annotated[Maturity, BeforeValidator(_lower)]
    granted_by: Person
    reason: Message = ""


@router.get("")
async def list_agents(tenant: Tenant, engine: Engine, limit: Limit = 50) -> list[AgentView]:
    """The tenant's agents whose maturity was ever set; all others are students."""
    async with engine.connect() as connection:
        agents = await store.find(connection, Agent, tenant, limit=limit)
    return [AgentView(agent_id=agent.agent_id, maturity=agent.grants) for agent in agents]


@router.put("/{agent}/maturity", status_code=status.HTTP_202_ACCEPTED)
async def grant(tenant: Tenant, agent: Annotated[AgentField, Path()], body: GrantBody, execute: Execute) -> Accepted:
    """Set an agent's maturity in one capability."""

    async def decide(connection: AsyncConnection) -> Decision:
        known = (await store.lock(connection, Agent(tenant_id=tenant, agent_id=agent))).grants.get(body.capability)
        return Decision(
            AgentGranted(
                tenant_id=tenant,
                agent_id=agent,
                capability=body.capability,
                maturity=body.maturity,
                granted_by=body.granted_by,
                reason=body.reason,
            ),
            answers=(known.at if known else None,),
        )

    return await execute(decide)
