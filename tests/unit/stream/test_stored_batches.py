"""Stored batches are decoded as the client decodes them, but for names that are no UTF-8."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.record import Headers
from autodev.stream.kafka.batches import StoredBatch, StoredRecord, committed, decode

GZIP = 1
small = st.binary(max_size=40)
headers = st.lists(st.tuples(st.text(max_size=10), st.none() | small), max_size=3)
entries = st.tuples(st.none() | small, st.none() | small, headers)
Entry = tuple[bytes | None, bytes | None, Sequence[tuple[str, bytes | None]]]


def stored(entries: Sequence[Entry], codec: int = 0) -> bytes:
    builder = DefaultRecordBatchBuilder(2, codec, 0, -1, -1, -1, 1 << 20)
    for offset, (key, value, names) in enumerate(entries):
        assert builder.append(offset, 1_000 + offset, key, value, list(names)) is not None
    return bytes(builder.build())


def records(data: bytes) -> list[StoredRecord]:
    return [record for batch in decode(data) for record in batch.records]


@given(st.lists(st.lists(entries, min_size=1, max_size=5), min_size=1, max_size=3), st.sampled_from([0, GZIP]))
def test_batches_are_decoded_as_the_client_does(batches: list[list[Entry]], codec: int) -> None:
    written = [stored(entries, codec) for entries in batches]
    theirs = [record for each in written for record in DefaultRecordBatch(each)]
    ours = records(b"".join(written))
    assert [(r.offset, r.timestamp_ms, r.key, r.value, r.headers, r.has_escaped_names) for r in ours] == [
        (r.offset, r.timestamp, r.key, r.value, tuple(r.headers), False) for r in theirs
    ]


@given(st.lists(entries, min_size=1, max_size=3), st.integers(1, 60))
def test_a_batch_that_the_fetch_has_cut_off_is_left_out(batch: list[Entry], missing: int) -> None:
    whole = stored(batch)
    assert len(records(whole + whole[:-missing])) == len(batch)


@given(st.lists(entries, min_size=1, max_size=3), st.integers(21, 400), st.integers(1, 255))
def test_damage_is_told_and_never_guessed_round(batch: list[Entry], place: int, change: int) -> None:
    damaged = bytearray(stored(batch))
    damaged[21 + place % (len(damaged) - 21)] ^= change
    with pytest.raises(CorruptRecordException, match="checksum"):
        records(bytes(damaged))


def test_an_empty_fetch_holds_nothing() -> None:
    assert records(b"") == []


def test_headers_keep_their_order_and_their_nulls() -> None:
    given_headers: Headers = (("b", None), ("a", b""), ("b", b"\xff"))
    (record,) = records(stored([(None, b"v", given_headers)]))
    assert record.headers == given_headers


def test_what_was_aborted_is_left_out_until_the_mark_that_ends_it() -> None:
    record = StoredRecord(0, 0, None, b"", (), has_escaped_names=False)
    batches = [
        StoredBatch(1, (record,), 0, producer_id=7, is_transactional=True),
        StoredBatch(2, (record,), 1, producer_id=8, is_transactional=True),
        StoredBatch(3, (record,), 2),
        StoredBatch(4, (), 3, producer_id=7, is_transactional=True, is_abort=True),
        StoredBatch(5, (record,), 4, producer_id=7, is_transactional=True),
    ]
    kept = [batch.first for batch in committed(batches, [(7, 0)]) if batch.records]
    assert kept == [1, 2, 4]
    assert [batch.following for batch in committed(batches, [(7, 0)])] == [1, 2, 3, 4, 5]
