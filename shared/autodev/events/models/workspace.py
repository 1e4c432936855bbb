"""What operators decide: a workspace's settings and how far an agent is trusted."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from autodev.events.models.base import EventData, Part
from autodev.events.models.call import Message, Person
from autodev.ids import AgentField, TenantField

Limit = Annotated[int, Field(ge=0, le=1_000_000)]


class AutoDevSettings(Part):
    """A workspace's `auto_dev` settings with the reference defaults: off until someone opts in."""

    enabled: bool = False
    memento_skills: bool = True
    alpha_evolver: bool = True
    background_evolution: bool = False
    max_mutations_per_day: Limit = 10
    max_skill_candidates_per_day: Limit = 5
    failure_threshold: Annotated[int, Field(ge=1, le=10_000)] = 2


class Capability(StrEnum):
    MEMENTO_SKILLS = "auto_dev.memento_skills"
    ALPHA_EVOLVER = "auto_dev.alpha_evolver"
    BACKGROUND_EVOLUTION = "auto_dev.background_evolution"


class Maturity(StrEnum):
    STUDENT = "student"
    INTERN = "intern"
    SUPERVISED = "supervised"
    AUTONOMOUS = "autonomous"

    def at_least(self, other: Maturity) -> bool:
        ladder = list(Maturity)
        return ladder.index(self) >= ladder.index(other)


class WorkspaceConfigured(EventData):
    tenant_id: TenantField
    settings: AutoDevSettings
    changed_by: Person

    def record_key(self) -> str:
        return self.tenant_id


class AgentGranted(EventData):
    tenant_id: TenantField
    agent_id: AgentField
    capability: Capability
    maturity: Maturity
    granted_by: Person
    reason: Message = ""

    def record_key(self) -> str:
        return f"{self.tenant_id}/{self.agent_id}/{self.capability}"
