"""The transport for agents that may reach the broker themselves."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from autodev.events.record import OutgoingRecord
from autodev.sdk.kafka.producing import Producing
from autodev.sdk.kafka.promotions import read_promotions
from autodev.sdk.kafka.subscription import subscribed
from autodev.sdk.log import silence
from autodev.sdk.settings import Settings
from autodev.sdk.transport import PromotionStream, Subscription


class KafkaTransport:
    def __init__(self, settings: Settings) -> None:
        silence("aiokafka")
        self._settings = settings
        self._producing = Producing(settings)

    async def send(self, records: Sequence[OutgoingRecord]) -> int:
        return await self._producing.send(records)

    def promotions(self) -> PromotionStream:
        return read_promotions(self._settings)

    def subscribe(self, topics: Sequence[str], group: str) -> AbstractAsyncContextManager[Subscription]:
        return subscribed(self._settings, topics, group)

    async def close(self) -> None:
        await self._producing.close()
