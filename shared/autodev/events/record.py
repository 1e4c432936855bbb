"""Kafka records as this system sees them, whatever client carries them."""

from __future__ import annotations

from dataclasses import dataclass

Headers = tuple[tuple[str, bytes | None], ...]
"""In order, names may repeat, values may be null: as Kafka has them."""


FRAMING = 512
"""Bytes that the broker's own framing may add to a record, generously."""
HEADER_FRAMING = 10
"""Bytes of a header's two lengths, at most."""


@dataclass(frozen=True, slots=True)
class OutgoingRecord:
    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    timestamp_ms: int | None = None
    partition: int | None = None

    @property
    def size(self) -> int:
        """Bytes that the broker counts, at most: key, value, headers, and its own framing."""
        size = len(self.key or b"") + len(self.value or b"") + FRAMING
        for name, value in self.headers:  # `header_size`, of which an event has a dozen
            size += len(name) + len(value or b"") + HEADER_FRAMING if name.isascii() else header_size((name, value))
        return size


def header_size(header: tuple[str, bytes | None]) -> int:
    """Bytes that the broker counts for one header, at most."""
    name, value = header
    length = len(name) if name.isascii() else len(name.encode())
    return length + len(value or b"") + HEADER_FRAMING


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it was read. Nothing in it has been checked: it may be hostile."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    has_escaped_names: bool = False
    """Header names were no UTF-8: such bytes stand as ``\\xNN`` in `headers`."""
    is_oversized_batch: bool = False
    """It stands for a whole batch, which ends at `offset` and was too large to be decompressed, and is empty."""
