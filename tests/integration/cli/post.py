"""A broker with letters on it, and the command line in front of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from typer.testing import CliRunner

from autodev.cli.app import app
from autodev.cli.exits import ExitCode
from autodev.events.record import OutgoingRecord, Record
from autodev.stream.dead_letters import dead_letter
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.log import read
from autodev.stream.kafka.publisher import KafkaPublisher
from tests.unit.dead_letters.letters import DEFECT, original


@dataclass(frozen=True)
class Post:
    connection: KafkaConnection

    def put(self, *records: OutgoingRecord) -> None:
        asyncio.run(self._put(records))

    def written(self, topic: str) -> list[Record]:
        """All that `topic` holds now, in the order of its offsets."""
        return asyncio.run(self._written(topic))

    async def _put(self, records: Sequence[OutgoingRecord]) -> None:
        publisher = KafkaPublisher(self.connection)
        try:
            await publisher.publish(records)
        finally:
            await publisher.stop()

    async def _written(self, topic: str) -> list[Record]:
        async with aclosing(read(self.connection, [topic], from_start=True, until_end=True)) as records:
            return sorted([record async for record in records], key=lambda each: (each.partition, each.offset))


def autodev(
    *arguments: str,
    stdin: str | None = None,
    code: ExitCode = ExitCode.OK,
    environment: Mapping[str, str] | None = None,
) -> Any:
    """The result of a command that must end with `code`."""
    result = CliRunner().invoke(app, list(arguments), input=stdin, env=environment)
    assert result.exit_code == code, result.output
    return result


def with_headers(record: OutgoingRecord, **headers: bytes) -> OutgoingRecord:
    """`record` with other values of these headers; their names with ``_`` for ``-``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(record, headers=tuple((name, named.get(name, value)) for name, value in record.headers))


def given_up(group: str = "ingestion", **of: Any) -> OutgoingRecord:
    """A letter of a moment ago, as its group writes it."""
    return dead_letter(original(**{"sent_at": datetime.now(UTC)} | of), group, DEFECT)
