"""What the results are, said a second time and differently: sums by window, and a naive count for the trigger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from autodev.events.models.base import EventData
from autodev.events.models.failure import FailureBatched, FailureWindowed, LearningRequested
from services.analysis.domain.fold import step
from services.analysis.domain.state import PartitionState
from services.analysis.domain.windows import Windowing, moment
from tests.unit.analysis.failures import NOON, complaint, failure, only, tick

FOREVER = Windowing(length=10, grace=3, retention=1_000_000_000)
FAR_APART = {"acme": 0, "other": 50_000_000, "third": -700_000_000}
WITHIN = 20

offsets = st.integers(0, 90)
tenants = st.sampled_from(sorted(FAR_APART))


def at(offset: int, tenant: str) -> int:
    return NOON + FAR_APART[tenant] + offset


failures = st.builds(
    lambda offset, signature, count, tenant, threshold, within: failure(
        at(offset, tenant), signature, count=count, tenant=tenant, threshold=threshold, within=within
    ),
    offsets,
    st.sampled_from(["one", "one", "two"]),
    st.integers(1, 3),
    tenants,
    st.integers(1, 6),
    st.sampled_from([5, WITHIN]),
)
complaints = st.builds(
    lambda offset, words, tenant: complaint(at(offset, tenant), words, tenant=tenant),
    offsets,
    st.sampled_from(["a b c", "a b d", "x y"]),
    tenants,
)
ticks = st.builds(lambda offset, tenant: tick(at(offset, tenant), tenant), st.integers(0, 300), tenants)
END = [tick(at(1_000, tenant), tenant) for tenant in FAR_APART]


def results(log: Iterable[EventData]) -> list[EventData]:
    state = PartitionState(FOREVER)
    return [result.data for event in log for result in step(state, event)]


def final(told: Iterable[EventData]) -> Counter[tuple[str, object]]:
    """The count that each window ended with."""
    windows: Counter[tuple[str, object]] = Counter()
    for window in only(FailureWindowed, told):
        windows[window.case_id, window.window_start] = window.count
    return windows


@given(st.lists(failures, max_size=25).flatmap(st.permutations), st.data())
def test_the_final_windows_depend_on_no_order_and_on_no_tick(
    arrived: list[FailureBatched], data: st.DataObject
) -> None:
    log: list[EventData] = list(arrived)
    for ticked in data.draw(st.lists(ticks, max_size=8)):
        log.insert(data.draw(st.integers(0, len(log))), ticked)

    happened: Counter[tuple[str, object]] = Counter()
    for each in arrived:
        happened[str(each.case_id), moment(FOREVER.start_of(each.second))] += each.count
    assert final(results([*log, *END])) == happened


@given(st.lists(failures | complaints, min_size=2, max_size=25), st.data())
def test_ticks_that_do_not_overtake_change_nothing_of_what_is_told(
    arrived: list[FailureBatched], data: st.DataObject
) -> None:
    log = sorted(arrived, key=lambda each: (each.tenant_id, each.second))
    ticked: list[EventData] = [*log[:1]]
    for one, next_one in pairwise(log):
        if one.tenant_id == next_one.tenant_id and data.draw(st.booleans()):
            ticked.append(tick(data.draw(st.integers(one.second, next_one.second)), one.tenant_id))
        ticked.append(next_one)

    assert results([*ticked, *END]) == results([*log, *END])


@given(st.lists(st.tuples(offsets, st.integers(1, 3), st.integers(1, 6)), max_size=30))
def test_in_order_a_request_comes_with_each_threshold_reached_that_is_not_too_soon_after_the_last(
    course: list[tuple[int, int, int]],
) -> None:
    course.sort(key=lambda each: each[0])
    expected, asked_at = [], None
    for number, (second, _, threshold) in enumerate(course):
        reach = sum(count for earlier, count, _ in course[: number + 1] if earlier > second - WITHIN)
        if reach >= threshold and (asked_at is None or second >= asked_at + WITHIN):
            asked_at = second
            expected.append((moment(NOON + second), reach))

    log = [failure(NOON + second, count=count, threshold=least, within=WITHIN) for second, count, least in course]
    assert [(each.last_failure_at, each.count) for each in only(LearningRequested, results(log))] == expected


def test_an_agent_five_minutes_ahead_costs_others_revisions_and_no_count() -> None:
    others = [failure(NOON + second, agent="other") for second in range(0, 60, 5)]
    ahead = failure(NOON + 300 + 30, agent="hasty")
    state = PartitionState(Windowing())
    log = [*others[:6], ahead, *others[6:], tick(NOON + 10_000)]
    told = [result.data for event in log for result in step(state, event)]
    window = only(FailureWindowed, told)[-2]

    assert (window.agent_id, window.count, window.revision) == ("other", len(others), 7)
