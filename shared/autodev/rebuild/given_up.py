"""Records that a group has given up: they are dead letters, and nothing became of them where they lie."""

from __future__ import annotations

from contextlib import aclosing

from autodev.dead_letters.reading import read_letters
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.ports import Partition

GivenUp = frozenset[tuple[Partition, int]]


async def read_given_up(connection: KafkaConnection, group: str) -> GivenUp:
    """Partition and offset of every record that `group` has a dead letter of. One that was sent back lies further on.

    Raises:
        KafkaError: the broker is away.
    """
    async with aclosing(read_letters(connection, [group])) as letters:
        origins = [letter.origin async for letter in letters if letter.origin is not None]
    return frozenset((Partition(origin.topic, origin.partition), origin.offset) for origin in origins)
