"""A partition whose worker is gone stands still, so a member that loses one asks for the end of its process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import pytest

from autodev.events.envelope import Event
from autodev.events.record import OutgoingRecord, Record
from autodev.stream.batch import BatchProcessor
from autodev.stream.emission import Emission
from autodev.stream.endings import TaskEndedError
from autodev.stream.group import GroupMember
from autodev.stream.logs import PositionBeyondLogError
from autodev.stream.memory.broker import MemoryBroker, MemorySubscription
from autodev.stream.memory.ledger import MemoryLedger
from autodev.stream.ports import Partition

TOPIC = "letters.v1"


class CancellingItself(MemorySubscription):
    """Lets a cancellation of its own out, as Kafka's client has been seen to do."""

    async def poll(self, *_: Any, **__: Any) -> Sequence[Record]:
        raise asyncio.CancelledError


class CancellingCommits(MemorySubscription):
    commits = 0

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        self.commits += 1
        if self.commits == 1:
            raise asyncio.CancelledError
        await super().commit(offsets)


class GoingBack(MemorySubscription):
    """Goes to the beginning by itself where the log has lost the next offset, as Kafka's client does."""

    async def poll(self, partition: Partition, *, max_records: int, seconds: float) -> Sequence[Record]:
        extent = await self.extent(partition)
        if self._fetched[partition] > extent.end:
            self.seek(partition, extent.beginning)
        return await super().poll(partition, max_records=max_records, seconds=seconds / 100)


async def ignore(_events: Sequence[Event[Any]], _store: Any) -> Iterable[Emission]:
    return ()


Kind = Callable[[MemoryBroker, str, Collection[str]], MemorySubscription]


def member_of(broker: MemoryBroker, kind: Kind) -> tuple[GroupMember, asyncio.Event]:
    """A member and what it sets when it fails."""
    failed = asyncio.Event()
    processor = BatchProcessor("readers", "/services/readers", MemoryLedger(), ignore)
    return GroupMember(kind(broker, "readers", [TOPIC]), processor, failed.set), failed


@pytest.mark.parametrize("kind", [CancellingItself, CancellingCommits])
async def test_a_task_that_its_client_cancels_fails_the_member(kind: Kind) -> None:
    member, failed = member_of(MemoryBroker(partitions=1), kind)
    await member.start()
    await asyncio.wait_for(failed.wait(), timeout=5)
    assert isinstance(member.failure, TaskEndedError)
    assert "cancelled from within" in (member.trouble or "")
    await member.stop()


async def test_a_log_made_anew_under_a_member_fails_it(log_of: Callable[[int], list[OutgoingRecord]]) -> None:
    broker = MemoryBroker(partitions=1)
    partition = Partition(TOPIC, 0)
    await broker.publish(log_of(5))
    member, failed = member_of(broker, GoingBack)
    await member.start()
    while broker.offsets.get(("readers", partition)) != 5:  # noqa: ASYNC110 - the broker sets no event
        await asyncio.sleep(0.01)
    broker.logs[partition].clear()
    await broker.publish(log_of(2))
    await asyncio.wait_for(failed.wait(), timeout=5)
    assert isinstance(member.failure, PositionBeyondLogError)
    await member.stop()


async def test_a_member_that_is_stopped_has_not_failed() -> None:
    member, failed = member_of(MemoryBroker(), MemorySubscription)
    await member.start()
    await asyncio.sleep(0.01)
    await member.stop()
    assert (failed.is_set(), member.failure) == (False, None)


@pytest.fixture
def log_of() -> Callable[[int], list[OutgoingRecord]]:
    """Records of a new log, by their number."""
    return lambda count: [OutgoingRecord(TOPIC, b"anna", b"{}", ()) for _ in range(count)]
