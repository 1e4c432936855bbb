"""How dead letters are counted, and when they are too many."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.stream.limits import DEFAULT_LIMITS, NOTHING_SEEN, WINDOW, Excess, Limits, Outcomes, follow

NO_LIMITS = Limits(consecutive=0, share=0)
runs = st.lists(st.tuples(st.booleans(), st.integers(1, 700)), max_size=8)


def outcomes_of(records: Sequence[bool]) -> Outcomes:
    after = follow(NOTHING_SEEN, records, NO_LIMITS)
    assert isinstance(after, Outcomes)
    return after


@given(runs)
def test_the_last_thousand_records_are_counted_exactly(history: list[tuple[bool, int]]) -> None:
    records = [given_up for given_up, times in history for _ in range(times)]
    outcomes = outcomes_of(records)
    last = records[-WINDOW:]
    assert (outcomes.seen, outcomes.bits.bit_count()) == (len(last), sum(last))
    assert outcomes.consecutive == next((i for i, one in enumerate(reversed(last)) if not one), len(last))


@given(runs)
def test_packing_loses_nothing(history: list[tuple[bool, int]]) -> None:
    outcomes = outcomes_of([given_up for given_up, times in history for _ in range(times)])
    assert Outcomes.unpack(outcomes.pack()) == outcomes


def test_what_was_never_packed_is_nothing_seen() -> None:
    assert Outcomes.unpack(None) == NOTHING_SEEN


def test_the_row_stays_small() -> None:
    assert len(outcomes_of([True] * 5_000).pack()) == 126


@given(runs, st.integers(1, 100))
def test_where_a_batch_is_cut_does_not_matter(history: list[tuple[bool, int]], size: int) -> None:
    records = [given_up for given_up, times in history for _ in range(times)]
    outcomes: Outcomes | Excess = NOTHING_SEEN
    for start in range(0, len(records), size):
        assert isinstance(outcomes, Outcomes)
        outcomes = follow(outcomes, records[start : start + size], DEFAULT_LIMITS)
        if isinstance(outcomes, Excess):
            outcomes = Excess(start + outcomes.index, outcomes.limit)
            break
    assert outcomes == follow(NOTHING_SEEN, records, DEFAULT_LIMITS)


def test_the_record_after_the_last_that_may_be_given_up_is_the_one_that_stops() -> None:
    excess = follow(NOTHING_SEEN, [False, *[True] * 501], DEFAULT_LIMITS)
    assert isinstance(excess, Excess)
    assert excess.index == 501
    assert "AUTODEV_DEAD_LETTERS__CONSECUTIVE" in excess.limit


def test_a_good_record_begins_the_count_anew() -> None:
    assert isinstance(follow(NOTHING_SEEN, [*[True] * 499, False, *[True] * 499], DEFAULT_LIMITS), Outcomes)


def test_more_than_half_of_a_thousand_is_too_many() -> None:
    excess = follow(NOTHING_SEEN, [True, False] * 500 + [True, True], DEFAULT_LIMITS)
    assert isinstance(excess, Excess)
    assert excess.index == 1_001
    assert "AUTODEV_DEAD_LETTERS__SHARE" in excess.limit


def test_no_share_is_taken_of_fewer_than_a_thousand() -> None:
    assert isinstance(follow(NOTHING_SEEN, [True] * 499 + [False] + [True] * 499, DEFAULT_LIMITS), Outcomes)


@pytest.mark.parametrize("limits", [NO_LIMITS, Limits(consecutive=0), Limits(share=0)])
def test_zero_is_no_limit(limits: Limits) -> None:
    excess = follow(NOTHING_SEEN, [True] * 5_000, limits)
    assert isinstance(excess, Excess) == (limits != NO_LIMITS)
