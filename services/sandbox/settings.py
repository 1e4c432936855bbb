"""Settings of the sandbox service."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from autodev.sandbox import Policy
from autodev.service.settings import ServiceSettings
from services.sandbox.auditing import AuditSettings
from services.sandbox.domain.quota import Quota
from services.sandbox.gatekeeper import GateSettings


class EngineName(StrEnum):
    """The keys of `autodev.sandbox.engines.ENGINES`."""

    GVISOR = "gvisor"
    DOCKER_GVISOR = "docker-gvisor"
    NAMESPACES = "namespaces"
    DOCKER = "docker"


class IsolationSettings(BaseModel):
    engines: Annotated[tuple[EngineName, ...], Field(min_length=1)] = tuple(EngineName)
    """Of these the first that keeps all its promises on this machine is used: by default the strongest."""
    warm: int = Field(default_factory=lambda: max(2, os.cpu_count() or 1), ge=0)
    """Isolations that are kept started ahead."""
    concurrency: int = Field(default_factory=lambda: max(2, os.cpu_count() or 1), ge=1)
    """Isolations that run at one time in this process."""
    policy: Policy = Policy(wall_seconds=10.0, call_seconds=2.0, result_bytes=32_768)
    """All results of all candidates of a generation travel in one record, so each is bounded."""
    quota: Quota = Quota()


class SandboxSettings(ServiceSettings):
    isolation: IsolationSettings = IsolationSettings()
    audit: AuditSettings = AuditSettings()
    gate: GateSettings = GateSettings()
