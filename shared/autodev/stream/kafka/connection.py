"""Where the broker is and how our names become its names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ISOLATION: Final = "read_committed"
"""Of every consumer: what a transaction wrote is read when it commits, and never if it aborts."""


@dataclass(frozen=True)
class KafkaConnection:
    """`prefix` stands before every topic and group, so that several installations can share one broker."""

    bootstrap_servers: str
    client_id: str
    prefix: str = ""

    def physical(self, name: str) -> str:
        return f"{self.prefix}{name}"

    def logical(self, name: str) -> str:
        return name.removeprefix(self.prefix)
