"""What a service has published, and what becomes of the events that its handlers emit again.

An event that is on its topic goes out no second time: an old promotion must not come after a newer one. What is missing
there was published and is gone (compacted, or past its retention), but for the very last: see `Outputs.missing`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.catalogue import TOPICS, Cleanup, dead_letter_topic
from autodev.events.record import OutgoingRecord, Record
from autodev.rebuild.errors import RebuildRefusedError
from autodev.rebuild.recipe import Recipe
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.log import read
from autodev.stream.postgres.relay import BATCH

CHUNK: Final = 1_000
EXAMPLES: Final = 5
_COMPACTED: Final = frozenset(topic.name for topic in TOPICS if topic.cleanup is Cleanup.COMPACT)


@dataclass
class Outputs:
    """A temporary table of the events on a service's topics, within the transaction of the rebuild."""

    connection: AsyncConnection
    recipe: Recipe
    emitted: int = 0
    found: int = 0
    """Emissions that are on their topics."""
    differing: int = 0
    """Those of them that say something else there."""
    examples: list[str] = field(default_factory=list)
    letters: list[OutgoingRecord] = field(default_factory=list)
    """Records given up now that were handled then."""
    _absent: deque[tuple[int, OutgoingRecord]] = field(default_factory=lambda: deque(maxlen=BATCH))

    async def create(self) -> None:
        await self.connection.execute(
            text(
                "CREATE TEMPORARY TABLE published (source text, id text, topic text, key bytea, timestamp_ms bigint,"
                " digest bytea, made_again boolean NOT NULL DEFAULT false, PRIMARY KEY (source, id)) ON COMMIT DROP"
            )
        )
        await self.connection.execute(text("CREATE INDEX ON published (topic, key)"))

    async def load(self, kafka: KafkaConnection) -> None:
        """Read what the service has published.

        Raises:
            KafkaError: the broker is away.
        """
        topics = sorted(topic.name for topic in self.recipe.writes)
        if not topics:
            return
        rows: list[Record] = []
        async with aclosing(read(kafka, topics, from_start=True, until_end=True)) as records:
            async for record in records:
                if self._is_ours(record):
                    rows.append(record)
                if len(rows) == CHUNK:
                    await self.add(rows)
                    rows.clear()
        await self.add(rows)

    async def add(self, records: Sequence[Record | OutgoingRecord]) -> None:
        """Count `records` as published."""
        if records:
            await self.connection.execute(
                text(
                    "INSERT INTO published (source, id, topic, key, timestamp_ms, digest)"
                    " SELECT * FROM unnest(CAST(:sources AS text[]), CAST(:ids AS text[]), CAST(:topics AS text[]),"
                    " CAST(:keys AS bytea[]), CAST(:times AS bigint[]), CAST(:digests AS bytea[]))"
                    " ON CONFLICT DO NOTHING"
                ),
                _identities(records)
                | {
                    "topics": [record.topic for record in records],
                    "keys": [record.key for record in records],
                    "times": [record.timestamp_ms for record in records],
                    "digests": [_digest(record) for record in records],
                },
            )

    async def unpublished(self, records: Sequence[OutgoingRecord]) -> list[OutgoingRecord]:
        """Those of `records` that are not on their topics."""
        known = await self.connection.execute(
            text(
                "SELECT source, id FROM published"
                " JOIN unnest(CAST(:sources AS text[]), CAST(:ids AS text[])) AS wanted (source, id) USING (source, id)"
            ),
            _identities(records),
        )
        published = {(source, id_) for source, id_ in known}
        return [record for record in records if _identity(record) not in published]

    async def take(self, records: Sequence[OutgoingRecord]) -> None:
        """Compare what a committed turn emitted with what is on the topics.

        Raises:
            RebuildRefusedError: one is for a topic that the recipe does not name.
        """
        letters = dead_letter_topic(self.recipe.service).name
        self.letters += [record for record in records if record.topic == letters]
        events = [record for record in records if record.topic != letters]
        if not events:
            return
        self._require_named(events)
        known = await self.connection.execute(
            text(
                "UPDATE published SET made_again = true"
                " FROM unnest(CAST(:sources AS text[]), CAST(:ids AS text[])) AS wanted (source, id)"
                " WHERE published.source = wanted.source AND published.id = wanted.id"
                " RETURNING published.source, published.id, digest"
            ),
            _identities(events),
        )
        digests = {(row.source, row.id): row.digest for row in known}
        for record in events:
            self._compare(record, digests.get(_identity(record)))

    def _compare(self, record: OutgoingRecord, published: bytes | None) -> None:
        self.emitted += 1
        if published is None:
            self._absent.append((self.emitted, record))
            return
        self.found += 1
        if published != _digest(record):
            self.differing += 1
            if len(self.examples) < EXAMPLES:
                self.examples.append(f"{record.topic} {_identity(record)[1]}")

    async def missing(self) -> list[OutgoingRecord]:
        """Emissions that were committed and never published, in order: for a database that was lost meanwhile.

        The relay sends `BATCH` rows at a time and goes on when all are acknowledged. The journal's last entry is on its
        topic, so only the last rows before it can be missing on theirs.
        """
        recent = [record for number, record in self._absent if number > self.emitted - BATCH]
        last = {(record.topic, record.key): record for record in recent}
        return [
            record
            for record in recent
            if record.topic not in _COMPACTED
            or (last[record.topic, record.key] is record and await self._changes_the_topic(record))
        ]

    async def not_made_again(self) -> int:
        """Events on the topics, derived from others by this service, that the handlers did not emit again."""
        found = await self.connection.scalar(text("SELECT count(*) FROM published WHERE NOT made_again"))
        return int(found or 0)

    async def _changes_the_topic(self, record: OutgoingRecord) -> bool:
        """Whether a compacted topic lacks it: nothing newer is there, and a tombstone has something to withdraw."""
        newest = await self.connection.scalar(
            text("SELECT max(timestamp_ms) FROM published WHERE topic = :topic AND key = :key"),
            {"topic": record.topic, "key": record.key},
        )
        if newest is None:
            return record.value is not None
        return bool(newest < (record.timestamp_ms or 0))

    def _is_ours(self, record: Record) -> bool:
        source = _identity(record)[0]
        return source == self.recipe.source or source.startswith(f"{self.recipe.source}/")

    def _require_named(self, records: Iterable[OutgoingRecord]) -> None:
        named = {topic.name for topic in self.recipe.writes}
        if unnamed := {record.topic for record in records} - named:
            raise RebuildRefusedError(
                f"{self.recipe.service} emits to {', '.join(sorted(unnamed))}, which services/{self.recipe.service}/"
                "rebuild.py does not name: add it there, so that nothing is published twice"
            )


def _identities(records: Iterable[Record | OutgoingRecord]) -> dict[str, list[str]]:
    identities = [_identity(record) for record in records]
    return {"sources": [source for source, _ in identities], "ids": [id_ for _, id_ in identities]}


def _identity(record: Record | OutgoingRecord) -> tuple[str, str]:
    headers = dict(record.headers)
    return (headers.get("ce_source") or b"").decode(), (headers.get("ce_id") or b"").decode()


def _digest(record: Record | OutgoingRecord) -> bytes:
    said = blake2b(record.key or b"", digest_size=16)
    said.update(b"\x00" if record.value is None else b"\x01" + record.value)
    return said.digest()
