"""Where an agent reports to and as whom: by `autodev.configure(...)` or by the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from autodev.sdk.names import RULE, is_name

if TYPE_CHECKING:
    from autodev.ids import AgentId, TenantId

TENANT = "AUTODEV_TENANT"
AGENT = "AUTODEV_AGENT"
BOOTSTRAP_SERVERS = "AUTODEV_KAFKA__BOOTSTRAP_SERVERS"
TOPIC_PREFIX = "AUTODEV_KAFKA__TOPIC_PREFIX"
SPOOL_DIRECTORY = "AUTODEV_SPOOL_DIRECTORY"
ENABLED = "AUTODEV_ENABLED"

_FALSE = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Settings:
    tenant: TenantId
    agent: AgentId
    bootstrap_servers: str
    spool_directory: Path
    """Reports wait here while the broker is away; each process has a file of its own in it."""
    topic_prefix: str = ""
    """Put before every topic's and group's name at the broker and nowhere else, so that installations can share one."""

    @property
    def source(self) -> str:
        return f"/agents/{self.tenant}/{self.agent}"


class NotConfiguredError(Exception):
    """Something without which nothing can be reported is missing or wrong; the message says what."""


def is_enabled(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the kill switch is off: ``AUTODEV_ENABLED=false`` stops recording and hot loading altogether."""
    return environ.get(ENABLED, "").strip().lower() not in _FALSE


def settings_from(
    environ: Mapping[str, str],
    *,
    tenant: str | None = None,
    agent: str | None = None,
    kafka: str | None = None,
    topic_prefix: str | None = None,
    spool_directory: str | os.PathLike[str] | None = None,
) -> Settings:
    """Settings from arguments, and from `environ` for those not given.

    Raises:
        NotConfiguredError: tenant, agent or broker is given nowhere, or no name can be such.
    """
    required = {TENANT: tenant, AGENT: agent, BOOTSTRAP_SERVERS: kafka}
    found = {name: given or environ.get(name, "").strip() for name, given in required.items()}
    if missing := [name for name, value in found.items() if not value]:
        raise NotConfiguredError(f"{', '.join(missing)} not set, nor given to autodev.configure(...)")
    for name in (TENANT, AGENT):
        if not is_name(found[name]):
            raise NotConfiguredError(f"{name} is {found[name]!r}, and must be {RULE}")
    return Settings(
        tenant=cast("TenantId", found[TENANT]),
        agent=cast("AgentId", found[AGENT]),
        bootstrap_servers=found[BOOTSTRAP_SERVERS],
        topic_prefix=topic_prefix if topic_prefix is not None else environ.get(TOPIC_PREFIX, ""),
        spool_directory=Path(spool_directory or environ.get(SPOOL_DIRECTORY) or _default_spool_directory(environ)),
    )


def _default_spool_directory(environ: Mapping[str, str]) -> Path:
    return _state_directory(environ) / "autodev" / "spool"


def _state_directory(environ: Mapping[str, str]) -> Path:
    if state := environ.get("XDG_STATE_HOME"):
        return Path(state)
    try:
        return Path.home() / ".local" / "state"
    except RuntimeError:  # an account without a home, as in many containers
        import tempfile

        return Path(tempfile.gettempdir())
