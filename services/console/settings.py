"""The console's own settings."""

from __future__ import annotations

from pydantic import Field

from autodev.service.settings import ServiceSettings


class ConsoleSettings(ServiceSettings):
    services: dict[str, str] = Field(default_factory=dict)
    """Base URLs of the services whose health the console shows: ``AUTODEV_SERVICES__SANDBOX=http://…``."""
