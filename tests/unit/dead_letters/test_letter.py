"""What a letter says about itself, and what is believed of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.dead_letters.letter import LetterId, read_letter
from autodev.events.record import Record
from tests.unit.dead_letters.letters import FAILED_AT, ORIGIN, SENT_AT, forged, letter

HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            ["dlq-original-topic", "dlq-original-partition", "dlq-redrive-count", "dlq-first-failed-at", "x"]
        )
        | st.text(max_size=8),
        st.none() | st.binary(max_size=30),
    ),
    max_size=8,
).map(tuple)


def test_a_letter_says_where_it_came_from_why_and_when() -> None:
    found = letter(at=7)
    assert found.id == LetterId("ingestion", 0, 7)
    assert found.origin == ORIGIN
    assert (found.error_class, found.reason, found.attempts) == ("handler", "ValueError: odd", "3")
    assert (found.first_failed_at, found.sent_at, found.redrives) == (FAILED_AT, SENT_AT, 0)
    assert found.tenant == "acme"


def test_what_a_sender_forged_is_replaced_by_what_the_group_writes() -> None:
    lies = (
        ("dlq-original-topic", b"learning.skill.promoted.v1"),
        ("dlq-original-group", b"fitness"),
        ("dlq-error-message", b"nothing"),
    )
    found = letter(headers=lies)
    assert found.origin == ORIGIN
    assert found.reason == "ValueError: odd"


@pytest.mark.parametrize(
    "headers",
    [
        {"dlq_original_group": b"fitness"},
        {"dlq_original_group": None},
        {"dlq_original_topic": None},
        {"dlq_original_topic": b"a topic\x00"},
        {"dlq_original_topic": b"\xff\xfe"},
        {"dlq_original_partition": b"-1"},
        {"dlq_original_partition": b"1_0"},
        {"dlq_original_offset": b"9" * 5_000},
        {"dlq_original_offset": "\u0661".encode()},
    ],
)
def test_a_letter_with_other_headers_than_its_group_writes_comes_from_nowhere(headers: dict[str, bytes | None]) -> None:
    assert forged(**headers).origin is None


def test_a_header_that_comes_twice_says_nothing() -> None:
    record = letter().record
    twice = replace(record, headers=(*record.headers, ("dlq-original-topic", b"agent.task.reported.v1")))
    assert read_letter(twice).origin is None


@pytest.mark.parametrize("count", [b"", b"-3", b"many", b"1e3", b"\xff", b"9" * 5_000])
def test_a_count_that_we_never_write_is_none(count: bytes) -> None:
    assert letter(headers=(("dlq-redrive-count", count),)).redrives == 0


@pytest.mark.parametrize("time", [b"yesterday", b"", b"0001-01-01T00:00:00+23:59", b"\x00"])
def test_without_the_time_of_its_failure_a_letter_has_that_of_its_record(time: bytes) -> None:
    found = forged(dlq_first_failed_at=time)
    assert found.first_failed_at is None
    assert found.time == SENT_AT


@given(
    key=st.none() | st.binary(max_size=20),
    value=st.none() | st.binary(max_size=60),
    headers=HEADERS,
    timestamp=st.integers(-(2**63), 2**63 - 1),
)
def test_any_record_at_all_is_some_letter(
    key: bytes | None, value: bytes | None, headers: tuple[tuple[str, bytes | None], ...], timestamp: int
) -> None:
    found = read_letter(Record("fitness.dlq", 0, 3, timestamp, key, value, headers))
    assert str(found.id) == "fitness/0/3"
    assert found.time.tzinfo is not None


@pytest.mark.parametrize("letter_id", [LetterId("fitness", 0, 12), LetterId("a.b-c_d", 3, 10**17)])
def test_an_id_is_read_as_it_is_written(letter_id: LetterId) -> None:
    assert LetterId.parse(str(letter_id)) == letter_id


@pytest.mark.parametrize(
    "text", ["", "fitness", "fitness/0", "fitness/0/-1", "fitness/0/x", "/0/1", "a b/0/1", "f/0/1\n"]
)
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="GROUP/PARTITION/OFFSET"):
        LetterId.parse(text)


def test_a_letter_of_very_many_headers_is_read_at_once() -> None:
    headers = tuple((f"h{number}", b"") for number in range(200_000))
    assert read_letter(replace(letter().record, headers=headers)).origin is None
