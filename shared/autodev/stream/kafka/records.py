"""Records of aiokafka as ours, without the topic prefix, which exists at the broker only."""

from __future__ import annotations

from typing import Any

from autodev.events.record import Record


def to_record(message: Any, topic: str) -> Record:
    """`message`, a ConsumerRecord of `topic`, as the rest of the system reads it."""
    return Record(
        topic,
        message.partition,
        message.offset,
        message.timestamp,
        message.key,
        message.value,
        tuple(message.headers),
    )
