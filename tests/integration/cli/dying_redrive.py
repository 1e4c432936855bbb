"""Sends one letter back and is killed before it writes the audit. Arguments: broker, prefix, letter."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from autodev.dead_letters.audit import Action, Decision
from autodev.dead_letters.letter import LetterId
from autodev.dead_letters.settling import Order, settle
from autodev.events.catalogue import DEAD_LETTER_HANDLED
from autodev.events.record import OutgoingRecord
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.publisher import KafkaPublisher


class Dying:
    def __init__(self, publisher: KafkaPublisher) -> None:
        self._publisher = publisher

    async def publish(self, records: Sequence[OutgoingRecord]) -> None:
        if any(record.topic == DEAD_LETTER_HANDLED.name for record in records):
            os.kill(os.getpid(), signal.SIGKILL)
        await self._publisher.publish(records)


async def main(bootstrap: str, prefix: str, letter: str) -> None:
    connection = KafkaConnection(bootstrap, "dying", prefix)
    order = Order(Action.REDRIVEN, {LetterId.parse(letter)}, Decision(by="anna"), redrive_limit=5)
    async for _ in settle(order, connection, Dying(KafkaPublisher(connection)), lambda: None):
        pass


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
