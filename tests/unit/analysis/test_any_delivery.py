"""Processes share partitions, lose them, come back as zombies, tick by what they believe: the log alone decides."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from autodev.events.models.base import EventData
from autodev.events.models.failure import ClockTicked
from services.analysis.consumer.ticks import IdleClocks
from services.analysis.domain.fold import closed_windows_needed, step
from services.analysis.domain.results import Result
from services.analysis.domain.state import PartitionState
from services.analysis.domain.windows import Windowing
from tests.unit.analysis.failures import NOON, complaint, failure
from tests.unit.analysis.rows import Rows

SHORT = Windowing(length=10, grace=3, retention=40)
Entry = tuple[int, EventData]
"""An event's id and data."""

events = st.builds(
    failure,
    st.sampled_from([NOON + second for second in (0, 1, 9, 10, 14, 24, 38, 80)]),
    st.sampled_from(["one", "two"]),
    count=st.integers(1, 3),
    tenant=st.sampled_from(["acme", "other"]),
    threshold=st.integers(1, 4),
    within=st.sampled_from([5, 20]),
) | st.builds(complaint, st.sampled_from([NOON, NOON + 14]), st.sampled_from(["a b c", "a b d"]))


@dataclass
class Committed:
    """What the database holds of one partition."""

    rows: Rows = field(default_factory=Rows)
    token: int = 0
    position: int = 0
    seen: set[int] = field(default_factory=set)
    results: list[Result] = field(default_factory=list)


@dataclass
class Process:
    kept: dict[int, tuple[int, PartitionState]] = field(default_factory=dict)
    clocks: dict[int, IdleClocks] = field(default_factory=lambda: defaultdict(IdleClocks))
    now: float = 0.0


class SharedPartitions(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.logs: list[list[Entry]] = [[], []]
        self.committed = [Committed(), Committed()]
        self.processes = [Process(), Process()]
        self.tokens = 0

    @rule(partition=st.integers(0, 1), new=st.lists(events, min_size=1, max_size=4))
    def fail(self, partition: int, new: list[EventData]) -> None:
        for each in new:
            self.append(partition, each)

    @rule(partition=st.integers(0, 1), which=st.integers(0, 100))
    def publish_again(self, partition: int, which: int) -> None:
        log = self.logs[partition]
        if log:
            log.append(log[which % len(log)])

    @rule(
        partition=st.integers(0, 1),
        process=st.integers(0, 1),
        redelivered=st.integers(0, 3),
        size=st.integers(1, 5),
        commits=st.booleans(),
    )
    def deliver(self, partition: int, process: int, redelivered: int, size: int, commits: bool) -> None:
        there, here = self.committed[partition], self.processes[process]
        first = max(0, there.position - redelivered)
        batch = self.logs[partition][max(first, there.position) : first + size]
        if not batch:
            return
        fresh = {id_: data for id_, data in batch if id_ not in there.seen}
        token, state = here.kept.pop(partition, (-1, PartitionState(SHORT)))
        if token != there.token:
            state = there.rows.load(SHORT)
        state.closed.update(there.rows.load_closed(closed_windows_needed(state, fresh.values())))
        told = [result for data in fresh.values() for result in step(state, data)]
        self.tokens += 1
        changes = state.take_changes()
        here.kept[partition] = self.tokens, state  # before the commit, as the service has it
        if commits:
            there.rows.save(changes)
            there.token = self.tokens
            there.position += len(batch)
            there.seen |= fresh.keys()
            there.results += told

    @rule(process=st.integers(0, 1))
    def restart(self, process: int) -> None:
        self.processes[process] = Process()

    @rule(process=st.integers(0, 1), seconds=st.integers(1, 30))
    def idle(self, process: int, seconds: int) -> None:
        """It believes to be at the end, from a state that may be old."""
        here = self.processes[process]
        here.now += seconds
        for partition, (_, state) in here.kept.items():
            if overdue := here.clocks[partition].overdue(state, here.now):
                self.append(partition, ClockTicked(seconds=overdue))

    def append(self, partition: int, data: EventData) -> None:
        self.logs[partition].append((sum(map(len, self.logs)), data))

    def teardown(self) -> None:
        for partition, log in enumerate(self.logs):
            while self.committed[partition].position < len(log):
                self.deliver(partition, partition, redelivered=0, size=3, commits=True)
            state = PartitionState(SHORT)
            assert self.committed[partition].results == [
                result for data in dict(log).values() for result in step(state, data)
            ]


TestSharedPartitions = SharedPartitions.TestCase
TestSharedPartitions.settings = settings(stateful_step_count=30, max_examples=100)
