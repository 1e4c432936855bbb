"""`step`: one event of a partition's log in, results out. A function of the log alone, so a replay agrees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from autodev.events.models.base import EventData
from autodev.events.models.failure import ClockTicked, FailureBatched
from autodev.ids import AgentId, TenantId
from services.analysis.domain import results
from services.analysis.domain.results import Result
from services.analysis.domain.state import ClosedWindow, OpenWindow, PartitionState, Pattern, PatternKey, WindowKey
from services.analysis.domain.trigger import Rule
from services.analysis.domain.words import assign, words_of


class AgentWindow(NamedTuple):
    tenant: TenantId
    agent: AgentId
    start: int


def closed_windows_needed(state: PartitionState, batch: Iterable[EventData]) -> set[AgentWindow]:
    """Which closed windows `state.closed` must hold before `step` is called for the events of `batch`.

    Those that close within the batch are not among them: they pass through memory.
    """
    return {
        AgentWindow(failure.tenant_id, failure.agent_id, start)
        for failure in batch
        if isinstance(failure, FailureBatched)
        and state.windowing.is_closed(
            start := state.windowing.start_of(failure.second), clock := state.clock(failure.tenant_id)
        )
        and not state.windowing.is_forgotten(start, clock)
    }


def step(state: PartitionState, event: EventData) -> list[Result]:
    """Take a usable `event` (see `limits.unusable`) into `state`."""
    match event:
        case ClockTicked():
            return [
                result for tenant, second in sorted(event.seconds.items()) for result in _tick(state, tenant, second)
            ]
        case FailureBatched():
            closed = _advance(state, event.tenant_id, event.second)
            return [*closed, *_count(state, event)]
        case _:
            raise TypeError(f"{type(event).__name__} is no input of the windows")


def _tick(state: PartitionState, tenant_id: TenantId, second: int) -> list[Result]:
    """Close what is pending, and no more: a tick from nowhere must not put a clock ahead of failures to come."""
    known = state.tenants.get(tenant_id)
    last = known.last_due if known else None
    return [] if last is None else _advance(state, tenant_id, min(second, last))


def _advance(state: PartitionState, tenant_id: TenantId, second: int) -> list[Result]:
    """Move a tenant's event time on, and close what that closes."""
    tenant, windowing = state.tenant(tenant_id), state.windowing
    if second <= tenant.clock:
        return []
    if windowing.start_of(second) != windowing.start_of(tenant.clock):
        state.changes.forgotten[tenant_id] = windowing.last_forgotten(second)
    tenant.clock = state.changes.clocks[tenant_id] = second
    closed: list[tuple[OpenWindow, Pattern]] = []
    for pattern in tenant.take_due():
        closed += [(window, pattern) for window in pattern.open if windowing.is_closed(window.start, second)]
        left = replace(pattern, open=tuple(w for w in pattern.open if not windowing.is_closed(w.start, second)))
        dropped = not left.open and left.trigger.expires_at <= second
        state.changes.patterns[pattern.key] = None if dropped else left
        if not dropped:
            tenant.keep(left)
    closed.sort(key=lambda pair: (pair[0].start, pair[1].key))
    return [_close(state, window, pattern) for window, pattern in closed]


def _close(state: PartitionState, window: OpenWindow, pattern: Pattern) -> Result:
    summary = ClosedWindow(window.failures, revision=1)
    _remember_closed(state, WindowKey(*pattern.key, window.start), summary)
    return results.windowed(pattern, window.start, summary, state.windowing)


def _remember_closed(state: PartitionState, key: WindowKey, window: ClosedWindow) -> None:
    state.closed[key] = state.changes.closed[key] = window


def _count(state: PartitionState, failure: FailureBatched) -> list[Result]:
    before, tenant = _pattern(state, failure), state.tenant(failure.tenant_id)
    pattern, outputs = _into_window(state, before, failure, tenant.clock)
    trigger, crossing = pattern.trigger.observe(
        failure.second, failure.count, Rule(failure.threshold, failure.within_seconds), tenant.clock
    )
    pattern = replace(pattern, trigger=trigger)
    if before.key in tenant.patterns:
        tenant.update(pattern, before)
    else:
        tenant.keep(pattern)
    state.changes.patterns[pattern.key] = pattern
    if crossing is not None:
        outputs.append(results.learning(pattern, crossing, trigger))
    return outputs


def _pattern(state: PartitionState, failure: FailureBatched) -> Pattern:
    """The pattern that `failure` belongs to, with its latest skill and error type."""
    if failure.signature is not None and failure.case_id is not None:
        case, signature = failure.case_id, failure.signature
    else:
        leaders = state.tenant(failure.tenant_id).leaders.setdefault(failure.agent_id, {})
        assignment = assign(leaders.values(), failure.tenant_id, failure.agent_id, words_of(failure.description))
        leader, displaced = assignment.leader, assignment.displaced
        case, signature = leader.case, leader.signature
        if displaced is not None:
            del leaders[displaced.case]
            state.changes.leaders[PatternKey(displaced.tenant, displaced.agent, displaced.case)] = None
        leaders[case] = state.changes.leaders[PatternKey(leader.tenant, leader.agent, case)] = leader
    key = PatternKey(failure.tenant_id, failure.agent_id, case)
    known = state.tenant(failure.tenant_id).patterns.get(key)
    if known is None:
        return Pattern(key, signature, failure.skill, failure.error_type)
    return replace(known, skill=failure.skill, error_type=failure.error_type)


def _into_window(
    state: PartitionState, pattern: Pattern, failure: FailureBatched, clock: int
) -> tuple[Pattern, list[Result]]:
    """Count `failure` in its window: open, closed and revised, or past its retention."""
    windowing = state.windowing
    start = windowing.start_of(failure.second)
    if not windowing.is_closed(start, clock):
        counts = dict(pattern.open)
        counts[start] = counts.get(start, 0) + failure.count
        return replace(pattern, open=tuple(OpenWindow(*item) for item in sorted(counts.items()))), []
    if windowing.is_forgotten(start, clock):
        return pattern, [results.late(pattern, failure)]
    key = WindowKey(*pattern.key, start)
    before = state.closed.get(key, ClosedWindow(0, 0))
    revised = ClosedWindow(before.failures + failure.count, before.revision + 1)
    _remember_closed(state, key, revised)
    return pattern, [results.windowed(pattern, start, revised, windowing)]
