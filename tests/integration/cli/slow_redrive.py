"""Redrives letters, and holds the first batch back until it is told to go on. Arguments: broker, prefix, letters.

Says ``settling`` when nobody else may any more, and goes on when its input ends.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from autodev.dead_letters.audit import Action, Decision
from autodev.dead_letters.letter import LetterId
from autodev.dead_letters.settling import Order, settle
from autodev.events.record import OutgoingRecord
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.publisher import KafkaPublisher


class Slow:
    def __init__(self, publisher: KafkaPublisher) -> None:
        self._publisher = publisher

    async def publish(self, records: Sequence[OutgoingRecord]) -> None:
        sys.stdout.write("settling\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)
        await self._publisher.publish(records)


async def main(bootstrap: str, prefix: str, *letters: str) -> None:
    connection = KafkaConnection(bootstrap, "slow", prefix)
    publisher = KafkaPublisher(connection)
    ids = {LetterId.parse(letter) for letter in letters}
    order = Order(Action.REDRIVEN, ids, Decision(by="anna"), redrive_limit=5)
    async for _ in settle(order, connection, Slow(publisher), lambda: None):
        pass
    await publisher.stop()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
