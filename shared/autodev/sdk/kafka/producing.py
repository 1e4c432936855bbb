"""Sends records: idempotent, acknowledged by all replicas, pipelined."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from autodev.events.catalogue import MIB
from autodev.events.record import OutgoingRecord
from autodev.sdk.kafka.answers import PENDING, Answer, Arrived, Refused, answer_to, refusal
from autodev.sdk.log import log
from autodev.sdk.settings import Settings
from autodev.sdk.transport import UndeliveredError

CONNECT_SECONDS = 5.0
ACKNOWLEDGE_SECONDS = 5.0
"""An idempotent producer never gives a batch up by itself: without this limit it would wait as long as the broker."""
_STOP_SECONDS = 1.0


class Producing:
    """A producer that is made when first needed, and thrown away after any failure: it may be stuck in it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._producer: Any = None
        self._said: set[str] = set()

    async def send(self, records: Sequence[OutgoingRecord]) -> int:
        """As `Transport.send`."""
        answers = await self._attempt(records)
        waiting = [record for record, answer in zip(records, answers, strict=True) if not isinstance(answer, Arrived)]
        if not any(isinstance(answer, Refused) for answer in answers):
            if waiting:
                raise self._undelivered(waiting)
            return 0
        return await self._send_each(waiting)

    async def close(self) -> None:
        """Let go of the producer, in bounded time even if it is stuck."""
        producer, self._producer = self._producer, None
        if producer is None:
            return
        with suppress(TimeoutError, KafkaError, OSError):
            await asyncio.wait_for(producer.stop(), _STOP_SECONDS)
            return
        # Its stop() waits for the broker to take what is pending; aiokafka has no other way to give that up.
        with suppress(TimeoutError, KafkaError, OSError):
            await asyncio.wait_for(producer._sender.close(), _STOP_SECONDS)  # noqa: SLF001
        with suppress(TimeoutError, KafkaError, OSError):
            await asyncio.wait_for(producer.client.close(), _STOP_SECONDS)

    async def _send_each(self, records: Sequence[OutgoingRecord]) -> int:
        """Send one after the other: the broker refuses batches as a whole, for one record in them."""
        refused = 0
        for position, record in enumerate(records):
            try:
                [answer] = await self._attempt([record])
            except UndeliveredError as error:
                raise UndeliveredError(records[position:], error.reason, refused=refused) from error
            if isinstance(answer, Refused):
                refused += 1
                self._say(record, answer)
            elif not isinstance(answer, Arrived):
                raise self._undelivered(records[position:], refused)
        return refused

    async def _attempt(self, records: Sequence[OutgoingRecord]) -> list[Answer]:
        """What became of each record. The producer is gone unless all arrived: its sequence has a gap.

        Raises:
            UndeliveredError: there is no connection.
        """
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                producer = await self._connected()
        except (KafkaError, OSError, TimeoutError) as error:
            await self.close()
            reason = f"{self._settings.bootstrap_servers}: {str(error) or type(error).__name__}"
            raise UndeliveredError(records, reason) from error
        answers = await self._answers(producer, records)
        if not all(isinstance(answer, Arrived) for answer in answers):
            await self.close()
        return answers

    async def _connected(self) -> Any:
        if self._producer is None:
            self._producer = AIOKafkaProducer(
                bootstrap_servers=self._settings.bootstrap_servers,
                client_id=f"autodev-sdk-{self._settings.agent}",
                enable_idempotence=True,
                linger_ms=5,
                max_request_size=MIB,
            )
            await self._producer.start()
        return self._producer

    async def _answers(self, producer: Any, records: Sequence[OutgoingRecord]) -> list[Answer]:
        sent: list[asyncio.Future[Any] | Refused] = []
        with suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS):
                for record in records:
                    sent.append(await self._enqueue(producer, record))  # noqa: PERF401 - keeps those before a failure
        if pending := [future for future in sent if isinstance(future, asyncio.Future)]:
            await asyncio.wait(pending, timeout=ACKNOWLEDGE_SECONDS)
        answers: list[Answer] = [future if isinstance(future, Refused) else answer_to(future) for future in sent]
        return answers + [PENDING] * (len(records) - len(sent))

    async def _enqueue(self, producer: Any, record: OutgoingRecord) -> asyncio.Future[Any] | Refused:
        try:
            future: asyncio.Future[Any] = await producer.send(
                self._settings.topic_prefix + record.topic,
                value=record.value,
                key=record.key,
                headers=list(record.headers),
                timestamp_ms=record.timestamp_ms,
            )
        except KafkaError as error:
            if (refused := refusal(error)) is None:
                raise
            return refused
        return future

    def _undelivered(self, records: Sequence[OutgoingRecord], refused: int = 0) -> UndeliveredError:
        reason = f"{self._settings.bootstrap_servers} did not acknowledge in time"
        return UndeliveredError(records, reason, refused=refused)

    def _say(self, record: OutgoingRecord, answer: Refused) -> None:
        message = f"reports to {record.topic} are lost, the broker refuses them: {answer.reason}"
        if message not in self._said:
            self._said.add(message)
            log.warning("%s", message)
