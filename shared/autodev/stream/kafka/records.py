"""Records of aiokafka as ours, without the topic prefix, which exists at the broker only."""

from __future__ import annotations

from typing import Any

from autodev.events.record import Record


def to_record(message: Any, topic_prefix: str) -> Record:
    """`message`, a ConsumerRecord, as the rest of the system reads it."""
    return Record(
        topic=message.topic.removeprefix(topic_prefix),
        partition=message.partition,
        offset=message.offset,
        timestamp_ms=message.timestamp,
        key=message.key,
        value=message.value,
        headers=tuple(message.headers),
    )
