"""Sends records: idempotent, acknowledged by all replicas, pipelined."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from autodev.events.catalogue import MIB
from autodev.events.record import OutgoingRecord
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

    async def send(self, records: Sequence[OutgoingRecord]) -> None:
        """As `Transport.send`. A record that is too large for the broker is dropped, and logged."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                producer = await self._connected()
        except (KafkaError, OSError, TimeoutError) as error:
            await self.close()
            raise UndeliveredError(records, f"{self._settings.bootstrap_servers}: {_reason(error)}") from error
        acknowledged = await self._acknowledged(producer, records)
        undelivered = [record for record, arrived in zip(records, acknowledged, strict=True) if not arrived]
        if undelivered:
            await self.close()
            raise UndeliveredError(undelivered, f"{self._settings.bootstrap_servers} did not acknowledge in time")

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
        await producer.client.close()

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

    async def _acknowledged(self, producer: Any, records: Sequence[OutgoingRecord]) -> list[bool]:
        """For each record whether it needs no further attempt."""
        futures: list[asyncio.Future[Any] | None] = []
        with suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS):
                for record in records:
                    futures.append(await self._enqueue(producer, record))  # noqa: PERF401 - keeps those before a failure
        if pending := [future for future in futures if future is not None]:
            await asyncio.wait(pending, timeout=ACKNOWLEDGE_SECONDS)
        return [*map(_needs_no_further_attempt, futures), *[False] * (len(records) - len(futures))]

    async def _enqueue(self, producer: Any, record: OutgoingRecord) -> asyncio.Future[Any] | None:
        try:
            future: asyncio.Future[Any] = await producer.send(
                self._settings.topic_prefix + record.topic,
                value=record.value,
                key=record.key,
                headers=list(record.headers),
                timestamp_ms=record.timestamp_ms,
            )
        except MessageSizeTooLargeError as error:
            log.warning("a report is lost: %s", error)
            return None
        return future


def _needs_no_further_attempt(future: asyncio.Future[Any] | None) -> bool:
    if future is None:  # dropped
        return True
    if not future.done():
        future.cancel()
        return False
    return not future.cancelled() and future.exception() is None


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__
