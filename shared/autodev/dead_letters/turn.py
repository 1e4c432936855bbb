"""One process at a time settles letters: whoever leads a consumer group that reads nothing.

The broker keeps a group's leader while it lives and rejoins, and makes another member the leader when it leaves or dies
(https://cwiki.apache.org/confluence/display/KAFKA/Kafka+Client-side+Assignment+Proposal). The leader tells all members
in their assignments who it is, and assigns no partitions.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import uuid4

from aiokafka import AIOKafkaConsumer
from aiokafka.coordinator.assignors.abstract import AbstractPartitionAssignor
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment, ConsumerProtocolMemberMetadata

from autodev.events.catalogue import DEAD_LETTER_HANDLED
from autodev.stream.kafka.connection import KafkaConnection

GROUP: Final = "dead-letters"
"""Of the whole installation: an order may name letters of many consumer groups."""
SESSION_MS: Final = 6_000
"""The least that brokers allow by default. Whoever died without a word keeps the turn for as long."""
JOIN_SECONDS: Final = 60.0
_POLL_MS: Final = 200
_UNCALLED_MS: Final = 24 * 3_600_000
"""The client leaves the group when nobody asks it for records for so long; while settling nobody does."""


class TurnLostError(ConnectionError):
    """The broker took us for dead; somebody else may have settled the letters meanwhile."""


class _Leadership:
    """Who leads the group, as its leader said last."""

    def __init__(self) -> None:
        self._me: Final = uuid4().bytes
        self._leader: bytes | None = None

    @property
    def known(self) -> bool:
        return self._leader is not None

    @property
    def ours(self) -> bool:
        return self._leader == self._me

    def assignor(self) -> type[AbstractPartitionAssignor]:
        """What the client runs: `assign` in the leader alone, `on_assignment` in every member."""
        us = self

        class Telling(AbstractPartitionAssignor):  # type: ignore[misc]  # aiokafka ships no types
            name = "telling"

            @classmethod
            def metadata(cls, topics: Iterable[str]) -> Any:
                return ConsumerProtocolMemberMetadata(0, list(topics), b"")

            @classmethod
            def assign(cls, _cluster: object, members: Iterable[str]) -> dict[str, Any]:
                return {member: ConsumerProtocolMemberAssignment(0, [], us._me) for member in members}

            @classmethod
            def on_assignment(cls, assignment: Any) -> None:
                us._leader = assignment.user_data

        return Telling


class Turn:
    """The right to settle letters, for as long as the broker does not take us for dead."""

    def __init__(self, consumer: Any, leadership: _Leadership) -> None:
        self._coordinator = consumer._coordinator  # noqa: SLF001 - there is no public way to the member's id
        self._leadership = leadership
        self._member = self._coordinator.member_id

    def require(self) -> None:
        """
        Raises:
            TurnLostError: somebody else leads by now, or has led meanwhile: who comes back has another id.
        """
        if not self._leadership.ours or self._coordinator.member_id != self._member:
            raise TurnLostError("it did not hear from this command for too long, and let others settle the letters")


@asynccontextmanager
async def turn(connection: KafkaConnection, waiting: Callable[[], None]) -> AsyncIterator[Turn]:
    """Wait until nobody else settles letters, and hold them off. `waiting` is called once if somebody does.

    Raises:
        KafkaError: the broker is away, has no audit topic, or does not allow the group.
        TimeoutError: the broker did not say whose turn it is.
    """
    leadership = _Leadership()
    consumer = AIOKafkaConsumer(
        bootstrap_servers=connection.bootstrap_servers,
        client_id=connection.client_id,
        group_id=connection.physical(GROUP),
        enable_auto_commit=False,
        partition_assignment_strategy=(leadership.assignor(),),
        session_timeout_ms=SESSION_MS,
        heartbeat_interval_ms=500,
        rebalance_timeout_ms=SESSION_MS,
        max_poll_interval_ms=_UNCALLED_MS,
    )
    consumer.subscribe([connection.physical(DEAD_LETTER_HANDLED.name)])
    try:
        async with asyncio.timeout(JOIN_SECONDS):
            await consumer.start()
            while not leadership.known:
                await consumer.getmany(timeout_ms=_POLL_MS)  # nothing to read, but it raises what is wrong
        if not leadership.ours:
            waiting()
        while not leadership.ours:
            await consumer.getmany(timeout_ms=_POLL_MS)
        yield Turn(consumer, leadership)
    finally:
        await consumer.stop()
