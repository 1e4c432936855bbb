"""Records for the tests of brokers."""

from __future__ import annotations

from autodev.events.record import Headers, OutgoingRecord
from tests.contract.stream.brokers import LETTERS


def letter(
    text: str | None,
    *,
    sender: bytes | None = b"anna",
    headers: Headers = (),
    timestamp_ms: int | None = None,
    partition: int | None = None,
) -> OutgoingRecord:
    value = text.encode() if text is not None else None
    return OutgoingRecord(LETTERS.name, sender, value, headers, timestamp_ms, partition)
