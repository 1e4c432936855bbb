"""What is compressed is read up to a size, and what holds more costs no more than that."""

from __future__ import annotations

import struct
import tracemalloc

import pytest
from aiokafka import codec
from aiokafka.record import default_records
from aiokafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder
from hypothesis import given
from hypothesis import strategies as st

from autodev.stream.kafka.batches import decode
from autodev.stream.kafka.decompression import MAX_DECOMPRESSED, OversizedBatchError, limited_decompression

CODECS = {"gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
COMPRESS = {1: codec.gzip_encode, 2: codec.snappy_encode, 3: codec.lz4_encode, 4: codec.zstd_encode}

codecs = pytest.mark.parametrize("kind", CODECS.values(), ids=CODECS)


def stored(kind: int, *values: bytes) -> bytes:
    """A batch as a producer of the client writes it."""
    builder = DefaultRecordBatchBuilder(2, kind, 0, -1, -1, -1, 1 << 30)
    for offset, value in enumerate(values):
        builder.append(offset, 1_000, b"k", value, [])
    return bytes(builder.build())


@codecs
@given(value=st.binary(max_size=200), times=st.sampled_from([1, 1_000, 100_000]))
def test_what_is_within_the_limit_is_read_as_it_was_written(kind: int, value: bytes, times: int) -> None:
    whole = value * times
    with limited_decompression():
        assert [record.value for record in DefaultRecordBatch(stored(kind, whole, b"next"))] == [whole, b"next"]


@codecs
def test_the_limit_itself_is_within_it(kind: int) -> None:
    (batch,) = decode(stored(kind, bytes(MAX_DECOMPRESSED - 100)))
    assert [len(record.value or b"") for record in batch.records] == [MAX_DECOMPRESSED - 100]


@codecs
def test_the_client_reads_no_batch_beyond_it_and_takes_no_more_memory(kind: int) -> None:
    bomb = stored(kind, bytes(8 * MAX_DECOMPRESSED))
    tracemalloc.start()
    with limited_decompression(), pytest.raises(OversizedBatchError):
        next(iter(DefaultRecordBatch(bomb)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * MAX_DECOMPRESSED


@codecs
def test_one_record_stands_for_the_whole_batch_at_its_end(kind: int) -> None:
    bomb = stored(kind, b"good", bytes(MAX_DECOMPRESSED), b"good")
    bomb_then_good = bomb + stored(0, b"behind")
    first, second = decode(bomb_then_good)
    (record,) = first.records
    assert (record.offset, record.value, record.is_oversized_batch) == (2, None, True)
    assert first.following == 3
    assert [each.value for each in second.records] == [b"behind"]


def test_snappy_without_blocks_is_read_and_limited_too() -> None:
    raw = codec.snappy_encode(b"words" * 100, xerial_compatible=False)
    with limited_decompression():
        assert default_records.snappy_decode(raw) == b"words" * 100
    with limited_decompression(), pytest.raises(OversizedBatchError):
        default_records.snappy_decode(codec.snappy_encode(bytes(2 * MAX_DECOMPRESSED), xerial_compatible=False))


@pytest.mark.timeout(20)
def test_a_block_whose_length_is_negative_is_no_endless_loop() -> None:
    blocks = codec.snappy_encode(b"words")[:16] + struct.pack(">i", -4)
    with limited_decompression(), pytest.raises(Exception, match="snappy"):
        default_records.snappy_decode(blocks)


@pytest.mark.parametrize("kind", [3, 4])
def test_what_is_damaged_is_not_called_too_large(kind: int) -> None:
    decoder = default_records.lz4_decode if kind == 3 else default_records.zstd_decode
    with limited_decompression(), pytest.raises(Exception, match="frame") as damaged:
        decoder(COMPRESS[kind](b"words" * 100)[:-3])
    assert not isinstance(damaged.value, OversizedBatchError)


@codecs
def test_without_a_limit_the_client_reads_all(kind: int) -> None:
    (record,) = DefaultRecordBatch(stored(kind, bytes(2 * MAX_DECOMPRESSED)))
    assert len(record.value or b"") == 2 * MAX_DECOMPRESSED
