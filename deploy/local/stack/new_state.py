"""Decide the addresses of a stack that is about to start: its former ports where they are still free."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.database import database_url, reachable_directory
from deploy.local.processes.ports import LOOPBACK, free_ports, is_free
from deploy.local.stack.state import KAFKA, KAFKA_CONTROLLER, POSTGRES, SERVICES, SUPERVISOR, StackState


@dataclass(frozen=True, slots=True)
class OwnServers:
    """Servers of the user's own that a stack uses instead of starting one; None: it starts one."""

    kafka: str | None = None
    postgres: str | None = None

    def check(self, state: StackState) -> None:
        """Raise RuntimeError if a running stack uses other servers than these."""
        for wanted, used in ((self.kafka, state.kafka_bootstrap), (self.postgres, state.database_url)):
            if wanted is not None and wanted != used:
                raise RuntimeError("the stack is up with another broker or database; run `down`, then this again")


def new_state(directory: Path, own: OwnServers, former: StackState | None) -> StackState:
    """Addresses for the stack in `directory`, none of whose processes runs."""
    parts = [SUPERVISOR, *SERVICES]
    if own.kafka is None:
        parts += [KAFKA, KAFKA_CONTROLLER]
    if own.postgres is None:
        parts.append(POSTGRES)
    ports = assign_ports(parts, former.ports if former else {})
    postgres = reachable_directory(directory / POSTGRES)
    return StackState(
        ports=ports,
        kafka_bootstrap=own.kafka or f"{LOOPBACK}:{ports[KAFKA]}",
        database_url=own.postgres or database_url(postgres, ports[POSTGRES]),
        postgres_directory=postgres,
        supervisor_password=secrets.token_urlsafe(24),
    )


def assign_ports(parts: Iterable[str], former: Mapping[str, int]) -> Mapping[str, int]:
    """A port for each part: its former one if that is free, a new one otherwise; no two parts share one."""
    ports: dict[str, int] = {}
    for part in parts:
        before = former.get(part)
        if before is not None and is_free(before):
            ports[part] = before
        else:
            ports[part] = free_ports(1, taken={*ports.values(), *former.values()})[0]
    return ports
