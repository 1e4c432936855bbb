from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.binary import from_record
from autodev.events.catalogue import FAILURE_BATCHED
from autodev.events.models.failure import ClockTicked
from autodev.events.record import Record
from autodev.ids import TenantId
from services.analysis.consumer.stall import StalledError, StallWatch
from services.analysis.consumer.ticks import IdleClocks, tick
from services.analysis.domain.state import PartitionState
from services.analysis.domain.windows import Windowing
from tests.unit.analysis.failures import CLOSED, NOON, failure, fold

ACME = TenantId("acme")


def test_a_tick_is_due_when_the_idle_time_would_close_a_window() -> None:
    state, clocks = PartitionState(Windowing()), IdleClocks()
    fold([failure(NOON + 100)], state)

    assert clocks.overdue(state, now=0.0) == {}
    assert clocks.overdue(state, now=CLOSED - 101.0) == {}
    assert clocks.overdue(state, now=CLOSED - 100.0) == {ACME: NOON + CLOSED}


def test_a_record_starts_the_idle_time_anew() -> None:
    state, clocks = PartitionState(Windowing()), IdleClocks()
    fold([failure(NOON + 100)], state)
    clocks.overdue(state, now=0.0)
    fold([failure(NOON + 101)], state)

    assert clocks.overdue(state, now=CLOSED - 100.0) == {}


def test_a_tenant_with_nothing_open_is_not_ticked() -> None:
    state, clocks = PartitionState(Windowing()), IdleClocks()
    fold([failure(NOON)], state)
    while seconds := (clocks.overdue(state, now=0.0) or clocks.overdue(state, now=1_000.0)):
        fold([ClockTicked(seconds=seconds)], state)

    assert clocks.overdue(state, now=1e6) == {}


def test_a_tick_goes_to_the_partition_it_is_about() -> None:
    record = tick({ACME: NOON}, "/services/analysis", partition=3)
    read = Record(record.topic, 3, 0, record.timestamp_ms or 0, record.key, record.value, record.headers)

    assert (record.topic, record.partition) == (FAILURE_BATCHED.name, 3)
    assert from_record(read).data == ClockTicked(seconds={ACME: NOON})


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(0, 20)), max_size=30))
def test_only_pending_work_that_stands_still_for_the_whole_limit_is_a_stall(
    course: list[tuple[int, bool, int]],
) -> None:
    watch, now, since, last = StallWatch(), 0, 0, None
    for progress, pending, pause in course:
        now += pause
        if not pending or progress != last:
            since, last = now, progress
        if now - since >= 15:
            with pytest.raises(StalledError, match="has not moved"):
                watch.observe("partition", progress, pending=pending, now=now, limit=15)
            return
        watch.observe("partition", progress, pending=pending, now=now, limit=15)
