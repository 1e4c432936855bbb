"""What a local stack is made of: its ports, addresses and secrets, kept in `state.json` and, for shells, in `env`."""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from autodev.events.catalogue import SUBSCRIPTIONS
from deploy.local.processes.ports import LOOPBACK

SERVICES: Final = tuple(SUBSCRIPTIONS)
KAFKA: Final = "kafka"
KAFKA_CONTROLLER: Final = "kafka-controller"
POSTGRES: Final = "postgres"
SUPERVISOR: Final = "supervisor"


class StackState(BaseModel):
    """Everything another program needs to find the parts of a stack.

    `ports` holds the loopback port of each part that the stack runs itself; without `kafka` or `postgres` there, the
    broker at `kafka_bootstrap` or the server of `database_url` is the user's own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ports: Mapping[str, int]
    kafka_bootstrap: str
    database_url: str
    postgres_directory: Path
    supervisor_password: str

    @property
    def servers(self) -> tuple[str, ...]:
        """The names of the servers that the stack runs itself."""
        return tuple(server for server in (POSTGRES, KAFKA) if server in self.ports)

    def service_url(self, service: str) -> str:
        """Where a service of the stack listens."""
        return f"http://{LOOPBACK}:{self.ports[service]}"

    @property
    def environment(self) -> Mapping[str, str]:
        """Settings of services and clients, as environment variables."""
        return {
            "AUTODEV_KAFKA__BOOTSTRAP_SERVERS": self.kafka_bootstrap,
            "AUTODEV_ISOLATION__ENGINES": '["namespaces"]',  # gVisor, where it is installed, takes ten times as long
            "AUTODEV_DATABASE__URL": self.database_url,
            "AUTODEV_HTTP__HOST": LOOPBACK,
            "AUTODEV_CONSOLE_URL": self.service_url("console"),
            "AUTODEV_INGESTION_URL": self.service_url("ingestion"),
            **{f"AUTODEV_SERVICES__{name.upper()}": self.service_url(name) for name in SERVICES},
        }


def load(directory: Path) -> StackState | None:
    """The state of the stack in `directory`, None if there never was one; raises ValueError if it is damaged."""
    try:
        return StackState.model_validate_json((directory / "state.json").read_bytes())
    except FileNotFoundError:
        return None


def save(directory: Path, state: StackState) -> None:
    """Replace both files, each at once, so that a reader sees the old or the new; only their owner may read them."""
    lines = [f"{name}={shlex.quote(value)}" for name, value in state.environment.items()]
    write_private(directory / "env", "\n".join([*lines, ""]))
    write_private(directory / "state.json", state.model_dump_json(indent=2) + "\n")


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step by one that only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)  # mode 0600
    with os.fdopen(handle, "w") as file:
        file.write(text)
    Path(temporary).replace(path)
