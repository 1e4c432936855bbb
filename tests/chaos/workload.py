"""What agents and people report in a run: the same records, byte for byte, in the undisturbed and in every other one.

Two halves, of more than a thousand events each. In the first, agents fail and no workspace has consented to learning:
cases open and wait. In the second they consent, while as many events again come in. So a search starts from the same
evidence in every run, whenever the fault strikes, and what it comes to can be compared to the last byte. What was
promoted by then is tried in the third part (`aftermath.py`), which is made from what the run itself has come to.

Event times are in the past and lie close together, with long gaps between the parts: an outage of minutes makes no
idle clock of the analysis service close a window that the undisturbed run closes by a failure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import Final

from autodev.events.binary import to_record
from autodev.events.catalogue import FAILURE_BATCHED, SKILL_EXECUTED, type_of
from autodev.events.envelope import Event
from autodev.events.models.agent import Outcome, TaskEvent
from autodev.events.models.base import EventData
from autodev.events.models.failure import ClockTicked
from autodev.events.models.workspace import AgentGranted, Maturity, WorkspaceConfigured
from autodev.events.record import OutgoingRecord
from autodev.ids import AgentId, EpisodeId, EventId, TenantId, derived_id
from tests.e2e.failing_agent import AGENT, opted_in, work

LEARNING: Final = ("north", "south", "east", "west")
"""Tenants whose agents fail in ways that the rules repair; each is on a partition of its own making."""
APPROVED_BY_PEOPLE: Final = "asks"
"""So does this one's, which is not trusted to learn by itself."""
ASKING: Final = (*LEARNING, APPROVED_BY_PEOPLE)
"""Those whose cases are searched."""
UNWILLING: Final = "closed"
"""This one never consents: its cases wait for ever, and say so."""
IN_WORDS: Final = "words"
"""This one's agent reports tasks that failed, in words and in tracebacks."""
CALLS: Final = 240
"""Of each agent and half."""
EVERY: Final = timedelta(milliseconds=250)
WINDOW_SECONDS: Final = 300
LATER: Final = timedelta(minutes=15)
"""How much later, in event time, each part happens."""
AFTERMATH: Final = timedelta(minutes=30)
"""How long, in event time, the third part may take."""
TASKS: Final = 60
AGAIN: Final = 100
"""Reports of the first half that come once more with the second, as a retrying agent sends them."""

TRACE = """Traceback (most recent call last):
  File "agent.py", line 7, in book
    seat = free[0]
IndexError: list index out of range
"""
WORDS = ("the invoice of the customer was not found", "departure gate changed while boarding passengers")


@dataclass(frozen=True)
class Workload:
    base: datetime
    """Event time of the first report; at the start of a window of five minutes, an hour and a half ago."""

    @property
    def after_promotions(self) -> datetime:
        """Event time of the third part."""
        return self.base + 2 * LATER

    @cached_property
    def first_half(self) -> list[OutgoingRecord]:
        granted = [data for data in _decisions((*ASKING, UNWILLING)) if isinstance(data, AgentGranted)]
        return [*to_records("grants", granted, self.base), *self._reports(0), *_hostile(self.base)]

    @cached_property
    def second_half(self) -> list[OutgoingRecord]:
        """Begins with the workspaces' consent."""
        consents = [data for data in _decisions(ASKING) if isinstance(data, WorkspaceConfigured)]
        again = [record for record in self.first_half if record.topic == SKILL_EXECUTED.name][:AGAIN]
        later = self.base + LATER
        return [*to_records("consents", consents, later), *self._reports(1), *again]

    @cached_property
    def end(self) -> list[OutgoingRecord]:
        """Event time goes on for all tenants at once, so that every window closes."""
        after = self.after_promotions + AFTERMATH + LATER
        tenants = (*ASKING, UNWILLING, IN_WORDS)
        tick = ClockTicked(seconds={TenantId(tenant): int(after.timestamp()) for tenant in tenants})
        return [
            replace(record, partition=number)
            for number in range(FAILURE_BATCHED.partitions)
            for record in to_records(f"end-{number}", [tick], after)
        ]

    def _reports(self, half: int) -> list[OutgoingRecord]:
        start = self.base + half * LATER
        agents = [
            to_records(f"{tenant}-{half}", work(tenant, CALLS, start, first=half * CALLS, every=EVERY), start)
            for tenant in (*ASKING, UNWILLING)
        ]
        tasks = to_records(f"{IN_WORDS}-{half}", _tasks(start), start)
        return list(_in_turns([*agents, tasks]))


def to_records(origin: str, reports: Iterable[EventData], at: datetime) -> list[OutgoingRecord]:
    """As their senders publish them, `at` that time; ids are made of `origin` and their numbers."""
    return [
        to_record(
            Event(
                id=EventId(derived_id("chaos", origin, number)),
                source=f"/chaos/{origin}",
                type=type_of(data),
                time=at,
                key=data.record_key(),
                data=data,
            )
        )
        for number, data in enumerate(reports)
    ]


def recent_workload() -> Workload:
    """One whose reports are old enough for all parts and young enough to be taken."""
    now = datetime.now(UTC).timestamp()
    return Workload(datetime.fromtimestamp(now - now % WINDOW_SECONDS, UTC) - 6 * LATER)


def _decisions(tenants: Iterable[str]) -> Iterator[EventData]:
    for tenant in tenants:
        yield from opted_in(tenant, Maturity.SUPERVISED if tenant == APPROVED_BY_PEOPLE else Maturity.AUTONOMOUS)


def _tasks(start: datetime) -> Iterator[TaskEvent]:
    for number in range(TASKS):
        kind = number % 4
        yield TaskEvent(
            episode_id=EpisodeId(f"task-{start.timestamp():.0f}-{number}"),
            agent_id=AgentId(AGENT),
            tenant_id=TenantId(IN_WORDS),
            task_description=WORDS[number % 2] if kind < 2 else "book a seat",
            error_trace=TRACE if kind == 2 else None,
            outcome=Outcome.SUCCESS if kind == 3 else Outcome.FAILURE,
            occurred_at=start + timedelta(seconds=number),
        )


def _hostile(at: datetime) -> list[OutgoingRecord]:
    """Records that become dead letters, in every run alike."""
    return [
        OutgoingRecord(SKILL_EXECUTED.name, f"bad-{number}".encode(), value, timestamp_ms=int(at.timestamp() * 1000))
        for number, value in enumerate((b"not JSON", b"\xff\xfe", b"{}"))
    ]


def _in_turns(sequences: Iterable[list[OutgoingRecord]]) -> Iterator[OutgoingRecord]:
    """One of each sequence, then the next of each, until all have ended."""
    remaining = [iter(each) for each in sequences]
    while remaining:
        heads = [(each, next(each, None)) for each in remaining]
        remaining = [each for each, head in heads if head is not None]
        yield from chain(head for _, head in heads if head is not None)
