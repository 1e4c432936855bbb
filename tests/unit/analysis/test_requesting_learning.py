from __future__ import annotations

from datetime import UTC, datetime

from autodev.events.models.failure import LearningRequested
from services.analysis.domain.fold import step
from services.analysis.domain.state import PartitionState
from services.analysis.domain.trigger import MAX_BUCKETS, Rule, Trigger
from services.analysis.domain.windows import Windowing
from tests.unit.analysis.failures import CLOSED, NOON, WINDOW, failure, fold, only, tick


def test_learning_is_requested_at_once_when_the_threshold_is_crossed() -> None:
    (request,) = only(LearningRequested, fold([failure(NOON), failure(NOON + 9)]))

    assert (request.count, request.within_seconds) == (2, 300)
    assert request.first_failure_at == datetime.fromtimestamp(NOON, UTC)
    assert request.last_failure_at == datetime.fromtimestamp(NOON + 9, UTC)


def test_many_failures_of_one_record_count_as_many() -> None:
    assert only(LearningRequested, fold([failure(NOON, count=2)]))


def test_failures_further_apart_than_the_reach_are_not_counted_together() -> None:
    assert not only(LearningRequested, fold([failure(NOON), failure(NOON + 300)]))
    assert only(LearningRequested, fold([failure(NOON), failure(NOON + 299)]))


def test_the_reach_does_not_end_where_a_window_ends() -> None:
    assert only(LearningRequested, fold([failure(NOON + WINDOW - 1), failure(NOON + WINDOW)]))


def test_patterns_agents_and_tenants_are_counted_apart() -> None:
    results = fold(
        [
            failure(NOON, "one"),
            failure(NOON, "other"),
            failure(NOON, "one", agent="b"),
            failure(NOON, "one", tenant="c"),
        ]
    )

    assert not only(LearningRequested, results)


def test_a_pattern_that_goes_on_asks_again_once_in_its_reach() -> None:
    requests = only(LearningRequested, fold(failure(NOON + second) for second in range(0, 1_000, 10)))

    asked_at = [int(request.last_failure_at.timestamp()) - NOON for request in requests]
    assert asked_at == [10, 310, 610, 910]


def test_a_backlog_that_is_late_for_every_window_still_starts_learning() -> None:
    results = fold([failure(NOON + 20 * WINDOW, "other"), failure(NOON), failure(NOON + 9)])

    (request,) = only(LearningRequested, results)
    assert request.first_failure_at == datetime.fromtimestamp(NOON, UTC)


def test_late_failures_are_counted_with_those_near_them_and_not_with_newer_ones() -> None:
    results = fold([failure(NOON + 20 * WINDOW), failure(NOON), failure(NOON + 1, "other")])

    assert not only(LearningRequested, results)


def test_a_pattern_is_remembered_for_its_reach_though_its_window_has_closed() -> None:
    assert only(LearningRequested, fold([failure(NOON + 299), tick(NOON + CLOSED), failure(NOON + 400)]))


def test_a_late_failure_counts_for_as_long_as_a_punctual_one() -> None:
    def requests(pause: int) -> list[LearningRequested]:
        hour = NOON + 12 * WINDOW
        keeping_it = [failure(hour + second, threshold=9) for second in range(0, pause, 100)]
        log = [failure(hour, "other"), failure(NOON), *keeping_it, tick(hour + pause), failure(NOON)]
        return only(LearningRequested, fold(log))

    assert requests(pause=299)
    assert not requests(pause=300)


def test_two_requests_of_one_pattern_have_different_ids() -> None:
    state = PartitionState(Windowing())
    log = [failure(NOON), failure(NOON + 1), tick(NOON + 2 * WINDOW + CLOSED), failure(NOON), failure(NOON + 1)]
    requests = [result for event in log for result in step(state, event) if isinstance(result.data, LearningRequested)]

    assert len(requests) == len({request.event_id for request in requests}) == 2


def test_a_workspaces_new_threshold_counts_from_its_next_failure() -> None:
    assert not only(LearningRequested, fold([failure(NOON, threshold=3), failure(NOON, threshold=3)]))
    assert only(LearningRequested, fold([failure(NOON, threshold=3), failure(NOON, threshold=2)]))


def test_a_disordered_backlog_takes_no_more_than_a_bounded_room() -> None:
    trigger = Trigger()
    for second in range(MAX_BUCKETS + 50):
        trigger, _ = trigger.observe(second, 1, Rule(threshold=10_000, within=300), clock=1_000_000)

    assert len(trigger.buckets) == MAX_BUCKETS
