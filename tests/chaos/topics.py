"""All topics of a run, read to their ends, as rows that two runs can be compared by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from autodev.events.catalogue import (
    CASE_CHANGED,
    FAILURE_BATCHED,
    FAILURE_WINDOWED,
    INPUT_HANDLED,
    SUBSCRIPTIONS,
    TOPICS,
    dead_letter_topic,
)
from autodev.events.record import Record
from autodev.ids import EventId
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.log import read
from tests.chaos.compare import Row, Section
from tests.chaos.normalise import content, says_what_it_waits_for

DEAD_LETTERS = {dead_letter_topic(group).name: group for group in SUBSCRIPTIONS}
CUT_BY_POLLS = frozenset({INPUT_HANDLED.name})
"""Says which records a transaction took, which differs from run to run: `invariants` says what must hold of it."""
TICKED = "dev.autodev.clock.ticked.v1"

Identity = tuple[str, str]
"""Source and id of an event."""
Place = tuple[str, int, int]
"""Topic, partition and offset of a record."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A record as far as it can be read; what is no event of ours has no identity."""

    record: Record
    headers: Mapping[str, str]

    @property
    def place(self) -> Place:
        return self.record.topic, self.record.partition, self.record.offset

    @property
    def type(self) -> str:
        return self.headers.get("ce_type", "")

    @property
    def identity(self) -> Identity | None:
        if "ce_source" not in self.headers or "ce_id" not in self.headers:
            return None
        return self.headers["ce_source"], EventId(self.headers["ce_id"])

    @property
    def refused_at(self) -> Place:
        """Of a dead letter: the place of the record that it is."""
        headers = self.headers
        partition, offset = headers["dlq-original-partition"], headers["dlq-original-offset"]
        return headers["dlq-original-topic"], int(partition), int(offset)

    @property
    def data(self) -> Any:
        """None for a tombstone."""
        return None if self.record.value is None else orjson.loads(self.record.value)


@dataclass(frozen=True)
class Topics:
    records: Mapping[str, list[Seen]]
    """Everything that was written, however often."""

    def events(self, topic: str) -> list[Seen]:
        """Each event once."""
        found: dict[Identity, Seen] = {}
        for seen in self.records[topic]:
            if seen.identity is not None:
                found.setdefault(seen.identity, seen)
        return list(found.values())

    def letters(self, topic: str) -> list[Seen]:
        """Each dead letter once: the record that it was, not its id, says which it is."""
        return list({seen.refused_at: seen for seen in self.records[topic]}.values())

    @property
    def redelivered(self) -> int:
        """Records that repeat an event: readers have to drop them."""
        return sum(
            sum(seen.identity is not None for seen in records) - len(self.events(topic))
            for topic, records in self.records.items()
            if topic not in DEAD_LETTERS
        )

    def sections(self) -> dict[str, Section]:
        return {f"topic {topic}": self._section(topic) for topic in self.records if topic not in CUT_BY_POLLS}

    def _section(self, topic: str) -> Section:
        if topic in DEAD_LETTERS:
            return Counter(_letter(seen) for seen in self.letters(topic))
        events = self.events(topic)
        if topic == FAILURE_BATCHED.name:
            return _failures(seen.data for seen in events if seen.type != TICKED)
        if topic == FAILURE_WINDOWED.name:
            return _windows(seen.data for seen in events)
        return Counter(
            Row(f"{seen.type} {seen.record.key!r}", content(topic, seen.data))
            for seen in events
            if topic != CASE_CHANGED.name or not says_what_it_waits_for(seen.data)
        )


async def read_topics(connection: KafkaConnection) -> Topics:
    records: dict[str, list[Seen]] = {topic.name: [] for topic in TOPICS}
    async for record in read(connection, list(records), from_start=True, until_end=True):
        headers = {name: (value or b"").decode("utf-8", "backslashreplace") for name, value in record.headers}
        records[record.topic].append(Seen(record, headers))
    for seen in records.values():
        seen.sort(key=lambda each: (each.record.partition, each.record.offset))
    return Topics(records)


def _letter(seen: Seen) -> Row:
    """Where the record stood is left out: a sender that tries again writes it once more."""
    headers = seen.headers
    told = f"{headers['dlq-error-class']}: {headers['dlq-error-message']}"
    return Row(f"{headers['dlq-original-topic']} {seen.record.key!r}", f"{seen.record.value!r} {told}")


def _failures(batches: Iterable[Any]) -> Section:
    """How the failures of a second are cut into records is the polls' doing; what they add up to is not."""
    found: Section = Counter()
    for data in batches:
        about = {name: data[name] for name in ("tenant_id", "agent_id", "signature", "description", "second")}
        found[Row(orjson.dumps(about).decode())] += data["count"]
    return found


def _windows(windows: Iterable[Any]) -> Section:
    """The last revision of each: how often late failures made another depends on how they were combined."""
    last: dict[str, Any] = {}
    for data in windows:
        identity = f"{data['case_id']} {data['window_start']}"
        last[identity] = max(data, last.get(identity, data), key=lambda window: window["revision"])
    return Counter({Row(identity, content(FAILURE_WINDOWED.name, data)): 1 for identity, data in last.items()})
