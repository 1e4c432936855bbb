"""What is sent back, and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.dead_letters.letter import Letter, read_letter
from autodev.dead_letters.redriving import RedriveRules, redriven
from autodev.events.catalogue import TASK_REPORTED, dead_letter_topic
from autodev.events.record import Headers
from autodev.stream.dead_letters import TRUNCATED, dead_letter
from tests.unit.dead_letters.letters import DEFECT, EPISODES, FAILED_AT, SENT_AT, forged, laid_down, letter, of_grant

COUNT = "dlq-redrive-count"
HEADERS = st.lists(
    st.tuples(st.text(max_size=20), st.none() | st.binary(max_size=40)).filter(
        lambda header: not header[0].startswith(("dlq-", "kafka_dlt-"))
    ),
    max_size=8,
).map(tuple)


def refusal(found: Letter, limit: int = 5, now: datetime = FAILED_AT, **given: Any) -> str:
    return RedriveRules(limit, now, **given).refusal(found) or ""


@given(headers=HEADERS, key=st.none() | st.binary(max_size=20), value=st.none() | st.binary(max_size=60))
def test_a_record_goes_back_as_it_was_with_its_redrives_counted(
    headers: Headers, key: bytes | None, value: bytes | None
) -> None:
    sent = redriven(letter(headers=headers, key=key, value=value))
    assert (sent.topic, sent.key, sent.value) == (TASK_REPORTED.name, key, value)
    assert sent.timestamp_ms == int(SENT_AT.timestamp() * 1000)
    assert sent.headers == (*headers, (COUNT, b"1"))


def test_a_record_that_fails_again_and_again_is_counted_each_time() -> None:
    found = letter()
    for times in range(1, 4):
        found = read_letter(laid_down(dead_letter(laid_down(redriven(found)), "ingestion", DEFECT)))
        assert found.redrives == times


def test_a_new_trace_takes_the_place_of_the_old_one_alone() -> None:
    before = (("traceparent", b"old"), ("tracestate", b"old"), ("ce_traceparent", b"start"))
    sent = redriven(letter(headers=before), hop=(("traceparent", b"new"),))
    assert sent.headers == (("ce_traceparent", b"start"), ("traceparent", b"new"), (COUNT, b"1"))


def test_a_letter_of_its_group_may_go_back() -> None:
    assert refusal(letter()) == ""


def test_a_letter_from_nowhere_is_refused() -> None:
    assert "nobody knows where it belongs" in refusal(forged(dlq_original_offset=None))


@pytest.mark.parametrize(
    "topic", [b"learning.skill.promoted.v1", b"ingestion.dlq", b"__consumer_offsets", b"new.topic"]
)
def test_a_letter_is_never_sent_to_a_topic_that_its_group_does_not_read(topic: bytes) -> None:
    assert "does not read" in refusal(forged(dlq_original_topic=topic))


@pytest.mark.parametrize(("count", "limit", "refused"), [(b"4", 5, False), (b"5", 5, True), (b"0", 0, True)])
def test_above_the_limit_a_letter_is_refused_with_how_often_it_went_back(
    count: bytes, limit: int, *, refused: bool
) -> None:
    why = refusal(letter(headers=((COUNT, count),)), limit)
    assert ("AUTODEV_DEAD_LETTERS__REDRIVES" in why) is refused


def test_a_count_that_the_sender_forged_keeps_back_nothing_but_that_letter() -> None:
    assert refusal(letter(headers=((COUNT, b"999999"),)))
    assert not refusal(letter(headers=((COUNT, b"9" * 100),)))
    assert not refusal(letter(headers=((COUNT, b"-1"),)))


def test_what_its_topic_may_delete_before_it_is_read_is_refused() -> None:
    oldest = TASK_REPORTED.retention - timedelta(days=1)
    assert not refusal(letter(), now=SENT_AT + oldest)
    assert "could delete it before it is read" in refusal(letter(), now=SENT_AT + oldest + timedelta(seconds=1))


def test_a_record_that_came_too_old_goes_back_with_the_time_that_it_came_with() -> None:
    came = FAILED_AT - timedelta(days=40)
    found = letter(sent_at=came)
    assert found.record.timestamp_ms == FAILED_AT.timestamp() * 1000
    assert redriven(found).timestamp_ms == came.timestamp() * 1000
    assert redriven(found).headers == ((COUNT, b"1"),)
    assert "could delete it" in refusal(found)


def test_a_record_that_would_be_too_large_with_its_count_is_refused() -> None:
    assert not refusal(letter(value=b"x" * (TASK_REPORTED.max_bytes - 2_000)))
    assert "larger than" in refusal(letter(value=b"x" * TASK_REPORTED.max_bytes))
    assert not refusal(letter("proposals", topic=EPISODES, value=b"x" * TASK_REPORTED.max_bytes))


def test_a_letter_that_holds_a_part_of_its_record_is_refused() -> None:
    cut = letter(value=b"x" * dead_letter_topic("ingestion").max_bytes)
    assert "it is not whole" in refusal(cut)


def test_a_sender_can_not_call_its_record_cut() -> None:
    assert not refusal(letter(headers=((TRUNCATED, b"value 0 of 9 bytes"),)))


def test_what_a_compacted_topic_has_replaced_is_refused() -> None:
    found = of_grant()
    assert not refusal(found)
    assert "something newer" in refusal(found, replaced={found.id})


def test_a_topic_that_forgets_nothing_has_nothing_to_replace() -> None:
    found = letter()
    assert not refusal(found, replaced={found.id})
