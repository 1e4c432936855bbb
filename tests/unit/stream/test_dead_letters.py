"""What a dead letter keeps of its record, and what it adds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.catalogue import dead_letter_topic
from autodev.events.record import Headers, Record
from autodev.stream.dead_letters import MAX_MESSAGE, Defect, dead_letter
from autodev.stream.failures import FailureClass
from autodev.stream.postgres.outbox import pack_headers, unpack_headers

LARGEST = dead_letter_topic("fitness").max_bytes
FAILED_AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SENT_MS = 1_772_366_300_123
"""A hundred seconds earlier."""
NAMES = st.text(max_size=20).filter(lambda name: not name.startswith(("dlq-", "kafka_dlt-")))
"""Of headers that are not ours to write."""
HEADERS = st.lists(st.tuples(NAMES, st.none() | st.binary(max_size=40)), max_size=8).map(tuple)


def defect(message: str = "ValueError: odd") -> Defect:
    return Defect(FailureClass.HANDLER, message, attempts=3, first_failed_at=FAILED_AT)


def record(headers: Headers = (), key: bytes | None = b"k", value: bytes | None = b"v") -> Record:
    return Record("letters.v1", 3, 41, SENT_MS, key, value, headers)


def added(letter_headers: Headers) -> dict[str, bytes | None]:
    return {name: value for name, value in letter_headers if name.startswith(("dlq-", "kafka_dlt-"))}


def test_a_dead_letter_says_where_it_came_from_and_why() -> None:
    letter = dead_letter(record(), "fitness", defect())
    assert letter.topic == "fitness.dlq"
    assert added(letter.headers) == {
        "dlq-original-topic": b"letters.v1",
        "kafka_dlt-original-topic": b"letters.v1",
        "dlq-original-partition": b"3",
        "dlq-original-offset": b"41",
        "dlq-original-group": b"fitness",
        "dlq-error-class": b"handler",
        "dlq-error-message": b"ValueError: odd",
        "dlq-attempts": b"3",
        "dlq-first-failed-at": b"2026-03-01T12:00:00+00:00",
        "dlq-redrive-count": b"0",
    }


@given(
    headers=HEADERS,
    key=st.none() | st.binary(max_size=20),
    value=st.none() | st.binary(max_size=200),
)
def test_a_dead_letter_keeps_key_value_time_and_headers(
    headers: Headers, key: bytes | None, value: bytes | None
) -> None:
    letter = dead_letter(record(headers, key, value), "fitness", defect())
    assert (letter.key, letter.value, letter.timestamp_ms) == (key, value, SENT_MS)
    assert letter.headers[: len(headers)] == headers


def test_what_a_sender_wrote_in_our_name_is_left_out() -> None:
    letter = dead_letter(record((("dlq-error-message", b"nothing is wrong"),)), "fitness", defect())
    assert [value for name, value in letter.headers if name == "dlq-error-message"] == [b"ValueError: odd"]


@pytest.mark.parametrize("sent_ms", [-1, 0, SENT_MS - 8 * 86_400_000])
def test_a_letter_of_an_old_record_has_the_time_of_its_failure_or_the_broker_would_delete_it(sent_ms: int) -> None:
    letter = dead_letter(replace(record(), timestamp_ms=sent_ms), "fitness", defect())
    assert letter.timestamp_ms == FAILED_AT.timestamp() * 1_000
    assert added(letter.headers)["dlq-original-timestamp"] == str(sent_ms).encode()


def test_a_sender_can_not_forge_the_time_of_a_letter() -> None:
    letter = dead_letter(record(headers=(("dlq-original-timestamp", b"1"),)), "fitness", defect())
    assert "dlq-original-timestamp" not in added(letter.headers)


def test_a_long_message_is_cut() -> None:
    letter = dead_letter(record(), "fitness", defect("x" * 50_000))
    assert added(letter.headers)["dlq-error-message"] == b"x" * MAX_MESSAGE


def test_a_message_that_utf_8_can_not_hold_is_written_all_the_same() -> None:
    letter = dead_letter(record(), "fitness", defect("lone \ud800 surrogate"))
    assert added(letter.headers)["dlq-error-message"] == b"lone \\ud800 surrogate"


@pytest.mark.parametrize("count", [b"0", b"7"])
def test_a_letter_given_up_again_keeps_its_redrive_count_and_loses_the_old_reasons(count: bytes) -> None:
    first = dead_letter(record(((("dlq-redrive-count"), count),)), "fitness", defect("the first"))
    again = dead_letter(record(first.headers), "fitness", defect("the second"))
    names = [name for name, _ in again.headers]
    assert len(names) == len(set(names))
    assert added(again.headers)["dlq-error-message"] == b"the second"
    assert added(again.headers)["dlq-redrive-count"] == count


@pytest.mark.parametrize(
    ("oversized", "note"),
    [
        (record(value=b"v" * 2 * LARGEST), b"key 1 of 1 bytes, headers 0 of 0, value "),
        (record(key=b"k" * 2 * LARGEST), b"key "),
        (record(((("x"), b"v"),) * (LARGEST // 10)), b"key 1 of 1 bytes, headers "),
        (record((("x", b"v" * LARGEST), ("y", b"")), value=b"whole"), b"key 1 of 1 bytes, headers 0 of 2, value "),
    ],
    ids=["value", "key", "headers", "one header"],
)
def test_a_record_larger_than_the_topic_takes_is_cut_and_says_so(oversized: Record, note: bytes) -> None:
    letter = dead_letter(oversized, "fitness", defect())
    assert letter.size <= LARGEST
    assert (added(letter.headers)["dlq-truncated"] or b"").startswith(note)
    assert added(letter.headers)["dlq-error-message"] == b"ValueError: odd"
    for part, whole in ((letter.key, oversized.key), (letter.value, oversized.value)):
        assert (whole or b"").startswith(part or b"")
    assert (
        oversized.headers[: len(letter.headers) - len(added(letter.headers))]
        == letter.headers[: len(letter.headers) - len(added(letter.headers))]
    )


def test_what_fits_is_whole_and_says_nothing_of_being_cut() -> None:
    letter = dead_letter(record((("dlq-truncated", b"a lie"),)), "fitness", defect())
    assert "dlq-truncated" not in added(letter.headers)


@given(headers=HEADERS)
def test_headers_in_the_outbox_come_out_as_they_went_in(headers: Headers) -> None:
    assert unpack_headers(pack_headers(headers)) == headers
