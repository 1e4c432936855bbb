"""Record batches as the broker stores them, decoded without trust in their header names.

The client insists on names in UTF-8 and gives up the whole batch; producers in other languages do not. Message format 2
only, which is all that brokers since 4.0 have (https://kafka.apache.org/documentation/#recordbatch).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import _DefaultRecordBatchPy as RecordBatch
from aiokafka.record.util import decode_varint

from autodev.events.record import Headers
from autodev.stream.kafka.decompression import OversizedBatchError, limited_decompression

_LENGTH: Final = struct.Struct(">8xi")
_MAGIC: Final = 16
_OLDEST: Final = 2
_ABORT: Final = b"\0\0"


@dataclass(frozen=True, slots=True)
class StoredRecord:
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    has_escaped_names: bool
    """Bytes in header names that are no UTF-8 stand as `\\xNN` in `headers`."""
    is_oversized_batch: bool = False
    """It stands for a whole batch, which would have been too large without its compression, and is empty."""


@dataclass(frozen=True, slots=True)
class StoredBatch:
    following: int
    """The first offset after the batch, be its last records there or compacted away."""
    records: tuple[StoredRecord, ...]
    first: int = 0
    producer_id: int | None = None
    is_transactional: bool = False
    is_abort: bool = False
    """The mark that ends an aborted transaction of its producer."""


def decode(stored: bytes) -> Iterator[StoredBatch]:
    """The whole batches of `stored`; a last one that the fetch has cut off is left out.

    Raises:
        CorruptRecordException: a checksum or a length does not fit, or the format is older than 2.
        UnsupportedCodecError: compressed by a codec that no installed library reads.
    """
    start = 0
    while start + _MAGIC < len(stored):
        end = start + _LENGTH.size + int(_LENGTH.unpack_from(stored, start)[0])
        if end > len(stored):
            return
        if stored[start + _MAGIC] < _OLDEST:
            raise CorruptRecordException(f"message format {stored[start + _MAGIC]} is older than {_OLDEST}")
        batch = RecordBatch(stored[start:end])
        if not batch.validate_crc():
            raise CorruptRecordException(f"the checksum of the batch at offset {batch.base_offset} does not fit")
        yield StoredBatch(
            batch.next_offset,
            _records(batch),
            batch.base_offset,
            batch.producer_id,
            batch.is_transactional,
            is_abort=batch.is_control_batch and _is_abort(batch),
        )
        start = end


def committed(batches: Iterable[StoredBatch], aborted: Iterable[tuple[int, int]]) -> Iterator[StoredBatch]:
    """`batches`, those of aborted transactions without their records.

    `aborted` are producer and first offset of such transactions, as a fetch of committed records tells them.
    """
    coming = sorted(aborted, key=lambda each: each[1], reverse=True)
    aborting: set[int | None] = set()
    for batch in batches:
        while coming and coming[-1][1] <= batch.first:
            aborting.add(coming.pop()[0])
        if batch.is_abort:
            aborting.discard(batch.producer_id)
        yield replace(batch, records=()) if batch.is_transactional and batch.producer_id in aborting else batch


def _is_abort(batch: RecordBatch) -> bool:
    """By its only record's key: version and type, both of 16 bits."""
    return any(record.key is not None and record.key[2:4] == _ABORT for record in _unpacked(batch))


def _records(batch: RecordBatch) -> tuple[StoredRecord, ...]:
    if batch.is_control_batch:
        return ()
    try:
        with limited_decompression():
            return tuple(_unpacked(batch))
    except OversizedBatchError:
        last = batch.next_offset - 1  # what is done with it is done with all before it
        return (
            StoredRecord(last, batch.max_timestamp, None, None, (), has_escaped_names=False, is_oversized_batch=True),
        )


def _unpacked(batch: RecordBatch) -> Iterator[StoredRecord]:
    batch._maybe_uncompress()  # noqa: SLF001 - the codecs are the client's business, the names are ours
    reader = _Reader(batch._buffer, batch._pos)  # noqa: SLF001
    for _ in range(batch._num_records):  # noqa: SLF001
        end = reader.varint() + reader.position
        reader.varint()  # attributes: none are in use
        since, delta = reader.varint(), reader.varint()
        key, value = reader.nullable(), reader.nullable()
        names, values = [], []
        for _ in range(reader.varint()):
            names.append(reader.nullable() or b"")
            values.append(reader.nullable())
        if reader.position != end:
            raise CorruptRecordException(f"the record at offset {batch.base_offset + delta} has not the length it says")
        texts = [name.decode("utf-8", "backslashreplace") for name in names]
        yield StoredRecord(
            offset=batch.base_offset + delta,
            timestamp_ms=batch.max_timestamp if batch.timestamp_type else batch.first_timestamp + since,
            key=key,
            value=value,
            headers=tuple(zip(texts, values, strict=True)),
            has_escaped_names=any(text.encode() != name for text, name in zip(texts, names, strict=True)),
        )


class _Reader:
    def __init__(self, data: bytearray, position: int) -> None:
        self._data = data
        self.position = position

    def varint(self) -> int:
        try:
            value, self.position = decode_varint(self._data, self.position)
        except (IndexError, ValueError) as error:
            raise CorruptRecordException(f"no number at byte {self.position}: {error}") from None
        return int(value)

    def nullable(self) -> bytes | None:
        length = self.varint()
        if length < 0:
            return None
        start, self.position = self.position, self.position + length
        if self.position > len(self._data):
            raise CorruptRecordException(f"{length} bytes at byte {start} are more than there are")
        return bytes(self._data[start : self.position])
