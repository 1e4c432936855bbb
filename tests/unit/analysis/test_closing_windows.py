from __future__ import annotations

from datetime import UTC, datetime

import pytest

from autodev.events.models.failure import FailureLate, FailureWindowed
from services.analysis.domain.fold import step
from services.analysis.domain.limits import LAST_SECOND
from services.analysis.domain.state import Changes, PartitionState
from services.analysis.domain.windows import Windowing
from tests.unit.analysis.failures import CLOSED, NOON, RETENTION, WINDOW, failure, fold, only, tick


def test_a_window_is_told_once_its_grace_is_over() -> None:
    state = PartitionState(Windowing())

    assert not only(FailureWindowed, fold([failure(NOON), failure(NOON + 7, count=3), tick(NOON + CLOSED - 1)], state))
    (window,) = only(FailureWindowed, fold([tick(NOON + CLOSED)], state))

    assert (window.count, window.revision) == (4, 1)
    assert window.window_start == datetime.fromtimestamp(NOON, UTC)
    assert window.window_end == datetime.fromtimestamp(NOON + WINDOW, UTC)


def test_a_later_failure_closes_windows_as_a_tick_does() -> None:
    windows = only(FailureWindowed, fold([failure(NOON, "one"), failure(NOON + CLOSED, "other")]))

    assert [window.signature for window in windows] == ["one"]


def test_a_failure_within_the_grace_still_counts_in_the_first_telling() -> None:
    (window,) = only(
        FailureWindowed, fold([failure(NOON), failure(NOON + WINDOW + 29), failure(NOON + 1), tick(NOON + CLOSED)])
    )

    assert window.count == 2


def test_a_late_failure_tells_its_window_again_as_the_next_revision() -> None:
    windows = only(FailureWindowed, fold([failure(NOON), tick(NOON + CLOSED), failure(NOON + 1), failure(NOON + 2)]))

    assert [(window.count, window.revision) for window in windows] == [(1, 1), (2, 2), (3, 3)]


def test_a_late_failure_of_a_window_that_had_none_tells_it_for_the_first_time() -> None:
    windows = only(FailureWindowed, fold([failure(NOON + 3 * WINDOW, "one"), failure(NOON, "other")]))

    assert [(window.signature, window.count, window.revision) for window in windows] == [("other", 1, 1)]


def test_a_failure_past_the_retention_is_late_for_ever() -> None:
    results = fold([failure(NOON + WINDOW + RETENTION, "other"), failure(NOON, count=5)])

    assert [(late.second, late.count) for late in only(FailureLate, results)] == [(NOON, 5)]
    assert not only(FailureWindowed, results)


def test_an_older_window_that_was_opened_later_closes_first() -> None:
    waiting_meanwhile = failure(NOON - 10 * WINDOW, "other")
    log = [failure(NOON + WINDOW, "one"), waiting_meanwhile, failure(NOON + WINDOW - 1, "one"), tick(NOON + CLOSED)]
    windows = [window for window in only(FailureWindowed, fold(log)) if window.signature == "one"]

    assert [int(window.window_start.timestamp()) for window in windows] == [NOON]


def test_one_tenants_clock_closes_no_window_of_another() -> None:
    results = fold([failure(NOON, tenant="acme"), failure(NOON + CLOSED, tenant="other"), tick(NOON + CLOSED, "other")])

    assert not only(FailureWindowed, results)


def test_a_tick_never_moves_a_clock_back() -> None:
    windows = only(FailureWindowed, fold([failure(NOON), tick(NOON + CLOSED), tick(NOON), failure(NOON)]))

    assert [window.revision for window in windows] == [1, 2]


@pytest.mark.parametrize("second", [NOON + CLOSED + 1, NOON + 2 * RETENTION, LAST_SECOND])
def test_a_tick_closes_what_is_pending_and_moves_the_clock_no_further(second: int) -> None:
    state = PartitionState(Windowing())
    results = fold([failure(NOON), tick(second), failure(NOON + 1)], state)

    assert [(window.count, window.revision) for window in only(FailureWindowed, results)] == [(1, 1), (2, 2)]
    assert state.clock(failure(NOON).tenant_id) == NOON + CLOSED


def test_a_tick_for_a_tenant_with_nothing_pending_changes_nothing() -> None:
    state = PartitionState(Windowing())

    assert fold([tick(NOON, "nobody")], state) == []
    assert not state.tenants
    assert state.take_changes() == Changes()


def test_each_telling_has_an_id_of_its_own_made_of_what_it_is_about() -> None:
    log = [failure(NOON), tick(NOON + CLOSED), failure(NOON + 1)]

    def ids() -> list[str | None]:
        state = PartitionState(Windowing())
        return [result.event_id for event in log for result in step(state, event)]

    assert len(set(ids())) == len(ids())
    assert ids() == ids()


def test_nothing_is_kept_of_a_pattern_that_is_over() -> None:
    state = PartitionState(Windowing())
    fold([failure(NOON), tick(NOON + CLOSED)], state)
    fold([tick(NOON + 10 * WINDOW)], state)

    assert not state.tenant(failure(NOON).tenant_id).patterns
    assert state.tenant(failure(NOON).tenant_id).next_due is None
