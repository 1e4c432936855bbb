"""A tenant's settings, and how far its agents are trusted."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from autodev.events.models.workspace import (
    AgentGranted,
    AutoDevSettings,
    Capability,
    Maturity,
    WorkspaceConfigured,
)
from autodev.ids import AgentId
from services.console.domain.document import Document, Fact, latest


class Configuration(Fact):
    at: datetime
    settings: AutoDevSettings
    changed_by: str


class Workspace(Document):
    configuration: Configuration | None = None

    @property
    def key(self) -> str:
        return "settings"

    @property
    def settings(self) -> AutoDevSettings:
        """The defaults until someone has configured it."""
        return self.configuration.settings if self.configuration else AutoDevSettings()

    def configured(self, at: datetime, data: WorkspaceConfigured) -> Workspace:
        configuration = Configuration(at=at, settings=data.settings, changed_by=data.changed_by)
        return self.model_copy(update={"configuration": latest(self.configuration, configuration)})


class Grant(Fact):
    at: datetime
    maturity: Maturity
    granted_by: str
    reason: str


class Agent(Document):
    agent_id: AgentId
    grants: dict[Capability, Grant] = Field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.agent_id

    def granted(self, at: datetime, data: AgentGranted) -> Agent:
        grant = Grant(at=at, maturity=data.maturity, granted_by=data.granted_by, reason=data.reason)
        grants = self.grants | {data.capability: latest(self.grants.get(data.capability), grant)}
        return self.model_copy(update={"grants": {each: grants[each] for each in Capability if each in grants}})
