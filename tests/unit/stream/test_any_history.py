"""However a log is cut, delivered again and interrupted, each event has its effect once, in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from autodev.events.binary import to_record
from autodev.events.envelope import Event
from autodev.events.record import Record
from autodev.stream import batch
from autodev.stream.batch import BatchProcessor
from autodev.stream.emission import Emission, emit
from autodev.stream.failures import InfrastructureError
from autodev.stream.limits import Limits
from autodev.stream.memory.ledger import MemoryLedger, MemoryTransaction, Store
from autodev.stream.ports import FencedError, Partition
from tests.contract.stream.handlers import words
from tests.contract.stream.reports import report

POISON = "poison"
NO_LIMITS = Limits(consecutive=0, share=0)


@dataclass(frozen=True)
class Entry:
    """One record of the log: an event by its id and what it says; None is no event at all."""

    id: int
    says: str | None


@dataclass(frozen=True)
class Delivery:
    """A poll: how far before the position it begins, how many records it brings, and to how many members at once."""

    back: int
    count: int
    members: int


class Fault(Enum):
    NONE = auto()
    BEFORE = auto()
    """The database can't be reached."""
    IN_TRANSACTION = auto()
    """All is written, nothing committed."""
    AFTER = auto()
    """All is committed, and nobody learns of it."""


@dataclass
class Faulty:
    """A ledger whose transactions meet `faults` in turn, and none after the last."""

    ledger: MemoryLedger
    faults: Iterator[Fault]

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[MemoryTransaction]:
        fault = next(self.faults, Fault.NONE)
        if fault is Fault.BEFORE:
            raise InfrastructureError(fault.name)
        async with self.ledger.begin() as transaction:
            yield transaction
            if fault is Fault.IN_TRANSACTION:
                raise InfrastructureError(fault.name)
        if fault is Fault.AFTER:
            raise InfrastructureError(fault.name)


entries = st.builds(Entry, st.integers(0, 5), st.sampled_from(["a", "a", "b", POISON, None]))
deliveries = st.builds(Delivery, st.integers(0, 6), st.integers(1, 6), st.integers(1, 2))


async def apply(events: Sequence[Event[Any]], store: Store) -> Iterable[Emission]:
    emissions = []
    for event in events:
        store.setdefault("effects", []).append((event.id, words(event)))
        if words(event) == POISON:
            raise ValueError(POISON)
        assert event.data is not None
        emissions.append(emit(event.data, event))
    return emissions


def expected(log: Sequence[Entry]) -> tuple[list[tuple[str, str]], list[int]]:
    """The effects, and the offsets of the dead letters."""
    known: dict[int, str] = {}
    letters = []
    for offset, (number, says) in enumerate((entry.id, entry.says) for entry in log):
        if says is None or known.get(number, says) != says or (number not in known and says == POISON):
            letters.append(offset)
        else:
            known.setdefault(number, says)
    return [(f"event-{number}", says) for number, says in known.items()], letters


def records_of(log: Sequence[Entry]) -> list[Record]:
    sent = {says: to_record(report(says)) for says in ("a", "b", POISON)}
    broken = replace(sent["a"], value=b"no event")
    return [
        Record(
            topic=source.topic,
            partition=0,
            offset=offset,
            timestamp_ms=0,
            key=source.key,
            value=source.value,
            headers=tuple((n, f"event-{entry.id}".encode() if n == "ce_id" else v) for n, v in source.headers),
        )
        for offset, entry in enumerate(log)
        for source in [broken if entry.says is None else sent[entry.says]]
    ]


async def deliver(log: Sequence[Entry], deliveries: Sequence[Delivery], faults: Sequence[Fault]) -> MemoryLedger:
    ledger, records = MemoryLedger(), records_of(log)
    faulty = Faulty(ledger, iter(faults))
    partition = Partition("agent.task.reported.v1", 0)
    processor = BatchProcessor("readers", "/services/readers", faulty, apply, limits=NO_LIMITS)
    for delivery in (*deliveries, *[Delivery(0, len(log), 1)] * (len(faults) + 1)):
        async with ledger.begin() as transaction:
            position = await transaction.position("readers", partition) or 0
        start = max(0, position - delivery.back)
        if polled := records[start : start + delivery.back + delivery.count]:
            members = [processor.process(partition, polled) for _ in range(delivery.members)]
            outcomes = await asyncio.gather(*members, return_exceptions=True)
            assert all(isinstance(each, (int, InfrastructureError, FencedError)) for each in outcomes), outcomes
    return ledger


@pytest.fixture(autouse=True, scope="module")
def _at_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, capture_logs():
        patch.setattr(batch, "RETRY_SECONDS", 0.0)
        yield


@settings(max_examples=60)
@given(st.lists(entries, max_size=14), st.lists(deliveries, max_size=8), st.lists(st.sampled_from(Fault), max_size=12))
def test_each_event_has_its_effect_once_whatever_happens(
    log: list[Entry], deliveries: list[Delivery], faults: list[Fault]
) -> None:
    ledger = asyncio.run(deliver(log, deliveries, faults))
    effects, letters = expected(log)
    assert ledger.store.get("effects", []) == effects
    headers = [dict(record.headers) for record in ledger.outbox]
    assert [int(each["dlq-original-offset"] or b"") for each in headers if "dlq-original-offset" in each] == letters
    causes = [(each["ce_causationid"] or b"").decode() for each in headers if "dlq-original-offset" not in each]
    assert sorted(causes) == sorted(id_ for id_, _ in effects)
