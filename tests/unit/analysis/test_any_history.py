"""Whatever happens to the process, the results are those of the log alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from autodev.events.models.base import EventData
from autodev.events.models.failure import ClockTicked, FailureBatched, FailureLate, FailureWindowed
from services.analysis.domain.fold import closed_windows_needed, step
from services.analysis.domain.results import Result
from services.analysis.domain.state import PartitionState
from services.analysis.domain.windows import Windowing
from tests.unit.analysis.failures import NOON, complaint, failure, tick
from tests.unit.analysis.rows import Rows

SHORT = Windowing(length=10, grace=3, retention=40)
TENANTS = ("acme", "other")

# Few values, so that windows, late failures and patterns meet.
seconds = st.sampled_from([NOON + second for second in (0, 1, 9, 10, 14, 24, 38, 80)])
tenants = st.sampled_from(["acme", "acme", "acme", "other"])
failures = st.builds(
    failure,
    seconds,
    st.sampled_from(["one", "one", "two"]),
    count=st.integers(1, 3),
    tenant=tenants,
    threshold=st.integers(1, 5),
    within=st.sampled_from([5, 20]),
)
complaints = st.builds(complaint, seconds, st.sampled_from(["a b c", "a b d", "x y"]), tenant=tenants)
ticks = st.builds(tick, seconds, tenants)
logs = st.lists(failures | failures | complaints | ticks, min_size=10, max_size=30)


@dataclass(frozen=True)
class Cut:
    """One batch: how many events, and what befalls the process with it."""

    size: int
    rolled_back: bool
    """It is folded, but not committed, and comes again."""
    restarted: bool
    """Before it, all memory is lost."""


cuts = st.lists(st.builds(Cut, st.integers(1, 4), st.booleans(), st.booleans()), min_size=4, max_size=12)


def undisturbed(log: list[EventData]) -> list[Result]:
    state = PartitionState(SHORT)
    return [result for event in log for result in step(state, event)]


def disturbed(log: list[EventData], history: list[Cut]) -> list[Result]:
    rows, results, left, fates = Rows(), list[Result](), list(log), list(history)
    state = PartitionState(SHORT)
    while left:
        cut = fates.pop(0) if fates else Cut(len(left), rolled_back=False, restarted=False)
        if cut.restarted:
            state = rows.load(SHORT)
        batch = left[: cut.size]
        state.closed.update(rows.load_closed(closed_windows_needed(state, batch)))
        told = [result for event in batch for result in step(state, event)]
        if cut.rolled_back:
            state = rows.load(SHORT)
            continue
        rows.save(state.take_changes())
        results += told
        left = left[cut.size :]
    return results


@given(logs, cuts)
def test_batches_rollbacks_and_restarts_change_no_result(log: list[EventData], history: list[Cut]) -> None:
    assert disturbed(log, history) == undisturbed(log)


@given(logs)
def test_every_failure_is_in_a_final_revision_or_told_as_late(log: list[EventData]) -> None:
    end = tick(NOON + 1_000, *TENANTS)
    told = Counter[str]()
    final: dict[tuple[str, object], FailureWindowed] = {}
    for result in undisturbed([*log, end]):
        if isinstance(result.data, FailureLate):
            told[result.data.tenant_id] += result.data.count
        if isinstance(result.data, FailureWindowed):
            final[result.data.case_id, result.data.window_start] = result.data
    for window in final.values():
        told[window.tenant_id] += window.count

    happened = Counter[str]()
    for event in log:
        if isinstance(event, FailureBatched):
            happened[event.tenant_id] += event.count
    assert told == happened


@given(logs)
def test_revisions_of_a_window_count_up_from_one(log: list[EventData]) -> None:
    last = Counter[tuple[str, object]]()
    for result in undisturbed(log):
        if isinstance(result.data, FailureWindowed):
            key = (result.data.case_id, result.data.window_start)
            assert result.data.revision == last[key] + 1
            last[key] += 1


@given(logs)
def test_ids_are_unique(log: list[EventData]) -> None:
    ids = [result.event_id for result in undisturbed(log) if result.event_id is not None]

    assert len(ids) == len(set(ids))


@given(logs)
def test_a_tenant_is_told_the_same_whoever_shares_its_partition(log: list[EventData]) -> None:
    def of(tenant: str, events: list[EventData]) -> list[EventData]:
        return [result.data for result in undisturbed(events) if getattr(result.data, "tenant_id", None) == tenant]

    def concerns(event: EventData, tenant: str) -> bool:
        return tenant in event.seconds if isinstance(event, ClockTicked) else getattr(event, "tenant_id", "") == tenant

    for tenant in TENANTS:
        assert of(tenant, log) == of(tenant, [event for event in log if concerns(event, tenant)])
