"""The outbox relay: publishes committed rows in order, woken by NOTIFY, one at a time per service."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, Final

import asyncpg
import structlog

from autodev.events.catalogue import MIB
from autodev.events.record import OutgoingRecord
from autodev.stream.ports import Publisher
from autodev.stream.postgres.backlog import measure
from autodev.stream.postgres.handover import Handover
from autodev.stream.postgres.keepalives import KEEPALIVES
from autodev.stream.postgres.outbox import channel, from_row
from autodev.stream.postgres.published import RolledBack, forget_what_was_before, mark, waiting
from autodev.stream.steps import Step, reached
from autodev.telemetry.metrics import SENT

log = structlog.get_logger(__name__)

BATCH: Final = 2_000
"""As many as four partitions bring at once: with fewer, a busy service takes in more than its relay gets out."""
BATCH_BYTES: Final = 16 * MIB
"""The batch ends with the row that reaches it."""
IDLE_SECONDS: Final = 1.0
"""How long a lost notification can go unnoticed."""
RETRY_SECONDS: Final = 1.0
MEASURE_SECONDS: Final = 1.0
SETTINGS: Final = {
    # A mark that is lost with the server costs what a kill before it does: its rows are published again.
    "synchronous_commit": "off",
    # One plan serves all looks, and it may be made while the table is nearly empty: without these it would read what is
    # published, a day of it, at each look.
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "jit": "off",
}


@dataclass
class Relay:
    """Run one in every replica: the advisory lock lets one publish and keeps the others waiting.

    Two relays with SKIP LOCKED would break the order within a key. If it dies between publishing and marking, the
    next one publishes again; consumers drop what they have seen.
    """

    database_url: str
    schema: str
    publisher: Publisher
    handover: Handover = field(default_factory=Handover)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    trouble: str | None = "outbox relay not connected yet"

    async def run(self) -> None:
        """Relay until cancelled; whatever fails is retried."""
        while True:
            try:
                await self._session()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                self.trouble = f"outbox relay: {type(error).__name__}: {error}"
            except Exception as error:  # noqa: BLE001 - the broker's client raises its own classes
                self.trouble = f"outbox relay: {type(error).__name__}: {error}"
            log.warning("relay_interrupted", reason=self.trouble)
            await asyncio.sleep(RETRY_SECONDS)

    async def _session(self) -> None:
        connection = await asyncpg.connect(self.database_url, timeout=10, server_settings={**KEEPALIVES, **SETTINGS})
        try:
            await connection.add_listener(channel(self.schema), lambda *_: self._wake.set())
            if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock_key(self.schema)):
                self.trouble = None  # another replica relays; this one stands by
                await connection.execute("SELECT pg_advisory_lock($1)", lock_key(self.schema))
            self.handover.open()
            if await forget_what_was_before(connection, self.schema):
                log.warning("outbox_marks_forgotten", reason="its sequence was set back; what is there goes out again")
            await self._relay(connection)
        finally:
            self.handover.close()
            await connection.close(timeout=5)

    async def _relay(self, connection: Any) -> None:
        loop = asyncio.get_running_loop()
        next_measure = loop.time()
        rolled_back = RolledBack(self.schema)
        while True:
            self._wake.clear()
            if loop.time() >= next_measure:  # before publishing: that takes its time while the broker is away
                await measure(connection, self.schema)
                await rolled_back.close(connection)
                next_measure = loop.time() + MEASURE_SECONDS
            may_be_more = await self._publish_batch(connection)
            self.trouble = None
            if may_be_more:
                continue
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _publish_batch(self, connection: Any) -> bool:
        """Whether rows may be left that were there already."""
        found = await connection.fetch(f"SELECT seq FROM {waiting(self.schema, BATCH)}")  # noqa: S608
        records = await self._records(connection, [row["seq"] for row in found])
        if not records:
            return False
        await self.publisher.publish(list(records.values()))
        reached(Step.PRODUCED)
        await mark(connection, self.schema, list(records))
        self.handover.forget(records)
        SENT.add(len(records))
        return len(found) == BATCH or len(records) < len(found)

    async def _records(self, connection: Any, rows: Sequence[int]) -> dict[int, OutgoingRecord]:
        """The records of `rows`, in order, up to the last that `BATCH_BYTES` have room for."""
        known = self.handover.among(rows)
        if len(known) == len(rows):
            return dict(known)
        stored = await connection.fetch(
            "SELECT seq, aggregatetype, aggregateid, payload, headers, partition, timestamp_ms FROM"  # noqa: S608
            " (SELECT *, coalesce(octet_length(payload), 0) + octet_length(headers) AS bytes,"
            " sum(coalesce(octet_length(payload), 0) + octet_length(headers)) OVER (ORDER BY seq) AS total"
            f" FROM (SELECT * FROM {self.schema}.outbox WHERE seq = ANY($1::bigint[])) AS wanted) AS counted"
            f" WHERE total - bytes < {BATCH_BYTES}",
            [seq for seq in rows if seq not in known],
        )
        held = {row["seq"]: from_row(row) for row in stored} | dict(known)
        return {seq: held[seq] for seq in takewhile(held.__contains__, rows)}


def lock_key(schema: str) -> int:
    """Of the advisory lock that the schema's relay holds while it relays."""
    return zlib.crc32(f"autodev outbox relay {schema}".encode())
