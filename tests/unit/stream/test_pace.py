"""A lone record is handled at once, a steady flow in batches, a backlog without a pause."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autodev.stream.pace import GATHER_SECONDS, Pace


def test_the_first_batch_may_begin_at_once() -> None:
    assert Pace().pause(1_000.0) == 0


@given(since=st.floats(0, 1))
def test_batches_begin_no_sooner_than_records_had_time_to_gather(since: float) -> None:
    pace = Pace()
    pace.began(100.0, backlog=False)
    now = 100.0 + since
    assert pace.pause(now) == max(0.0, 100.0 + GATHER_SECONDS - now)


def test_with_a_backlog_there_is_nothing_to_gather() -> None:
    pace = Pace()
    pace.began(100.0, backlog=False)
    pace.began(100.1, backlog=True)
    assert pace.pause(100.1) == 0
