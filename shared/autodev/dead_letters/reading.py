"""Letters, their audit and what compacted topics hold now, from the broker's logs."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing

from autodev.dead_letters.audit import Audit
from autodev.dead_letters.letter import Letter, LetterId, read_letter
from autodev.dead_letters.redriving import topic_of
from autodev.events.catalogue import DEAD_LETTER_HANDLED, Cleanup, dead_letter_topic
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.log import read


async def read_letters(connection: KafkaConnection, groups: Collection[str]) -> AsyncGenerator[Letter]:
    """All letters that `groups` hold now, handled or not; those of one group roughly in the order of their records.

    Raises:
        KafkaError: the broker is away, or has no topic for one of them.
    """
    topics = [dead_letter_topic(group).name for group in groups]
    async with aclosing(read(connection, topics, from_start=True, until_end=True)) as records:
        async for record in records:
            yield read_letter(record)


async def read_audit(connection: KafkaConnection) -> Audit:
    """
    Raises:
        KafkaError: the broker is away, or has no audit topic.
    """
    audit = Audit()
    reading = read(connection, [DEAD_LETTER_HANDLED.name], from_start=True, until_end=True)
    async with aclosing(reading) as records:
        async for record in records:
            audit.add(record)
    return audit


async def replaced(connection: KafkaConnection, letters: Collection[Letter]) -> frozenset[LetterId]:
    """Those of `letters` that came from a compacted topic whose value for their key is not theirs by now, or gone.

    Raises:
        KafkaError: the broker is away.
    """
    compacted = [
        (letter, topic.name)
        for letter in letters
        if (topic := topic_of(letter)) is not None and topic.cleanup is Cleanup.COMPACT
    ]
    if not compacted:
        return frozenset()
    standing = await _standing(connection, {(topic, letter.record.key) for letter, topic in compacted})
    return frozenset(
        letter.id for letter, topic in compacted if standing.get((topic, letter.record.key)) != {letter.record.value}
    )


_Key = tuple[str, bytes | None]
"""A topic and a key."""


async def _standing(connection: KafkaConnection, keys: Collection[_Key]) -> dict[_Key, set[bytes | None]]:
    """The last value of each of `keys`: one for every partition that has the key."""
    last: dict[tuple[_Key, int], tuple[int, bytes | None]] = {}
    topics = sorted({topic for topic, _ in keys})
    async with aclosing(read(connection, topics, from_start=True, until_end=True)) as records:
        async for record in records:
            key = (record.topic, record.key)
            before, _ = last.get((key, record.partition), (-1, None))
            if key in keys and record.offset > before:
                last[key, record.partition] = (record.offset, record.value)
    standing: dict[_Key, set[bytes | None]] = {}
    for (key, _), (_, value) in last.items():
        standing.setdefault(key, set()).add(value)
    return standing
