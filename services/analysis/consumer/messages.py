"""Faust's messages: as records of ours, and kept from being acknowledged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autodev.events.record import Record


def withhold(messages: Iterable[Any]) -> None:
    """Keep Faust from acknowledging `messages`, which it does with whatever leaves its stream, until `release`."""
    for message in messages:
        message.acked = True


def release(messages: Iterable[Any]) -> None:
    for message in messages:
        message.acked = False


def by_partition(messages: Iterable[Any]) -> Mapping[int, Sequence[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for message in messages:
        found[message.partition].append(message)
    return found


def to_record(message: Any, topic: str) -> Record:
    """`message` as the rest of the system reads it, on the logical `topic`."""
    return Record(
        topic=topic,
        partition=message.partition,
        offset=message.offset,
        timestamp_ms=round(message.timestamp * 1000),
        key=message.key,
        value=message.value,
        headers=tuple(message.headers or ()),
    )
