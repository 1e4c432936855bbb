"""From what was observed to the events that say so. Runs on the background thread: encoding costs time."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from autodev.events.binary import to_record
from autodev.events.catalogue import SKILL_EXECUTED
from autodev.events.envelope import TraceContext, new_event
from autodev.events.models.agent import SkillExecutionEvent, SkillRegistered, TaskEvent
from autodev.events.models.call import Arguments, Call, Expectation, Frame, Raised, Returned, SkillRef
from autodev.events.record import OutgoingRecord
from autodev.ids import EpisodeId, Sha256, new_event_id
from autodev.sdk.recording.failure import Failure, Place
from autodev.sdk.recording.report import Emission, Execution, Remainder, Report, put_back
from autodev.sdk.recording.snapshot import Snapshot
from autodev.sdk.recording.trace import Trace
from autodev.sdk.settings import Settings
from autodev.sdk.skills.source import SourceIdentity
from autodev.values import encode

DROPPED = "autodev.dropped_reports"
"""Metadata: how many reports were dropped since the one before."""
CALL_OMITTED = "autodev.call_omitted"
"""Metadata: why an execution comes without its call."""
_ROOM = SKILL_EXECUTED.max_bytes - 65_536


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record, and what it stands for, should it be lost."""

    record: OutgoingRecord
    told: Report | Sha256
    """The report that it is, or the hash of the source that it registers."""
    dropped: int = 0
    """How many lost reports it tells of."""


class Reporter:
    """Makes records of reports. Remembers which sources it has registered."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._registered: set[Sha256] = set()

    def records(self, report: Report, *, dropped: int = 0) -> Iterator[Prepared]:
        """The records that say `report`, and that `dropped` reports before it were lost."""
        if not isinstance(report, Emission):
            yield from self._registrations(report)
        yield Prepared(self._told(report, dropped), report, dropped)

    def lost(self, prepared: Prepared) -> int:
        """How many reports are lost with it. What can be said later on is: counts, and sources."""
        if isinstance(prepared.told, str):
            self._registered.discard(prepared.told)
            return 0
        put_back(prepared.told)
        return prepared.dropped + (not isinstance(prepared.told, Remainder))

    def _registrations(self, report: Execution | Remainder) -> Iterator[Prepared]:
        identity = report.skill.identity()
        if identity is not None and identity.content_hash not in self._registered:
            self._registered.add(identity.content_hash)
            yield Prepared(self._registration(identity), identity.content_hash)

    def _told(self, report: Report, dropped: int) -> OutgoingRecord:
        if isinstance(report, Emission):
            event = report.event
            if dropped:
                event = event.model_copy(update={"metadata": {**event.metadata, DROPPED: dropped}})
            source = f"/agents/{event.tenant_id}/{event.agent_id}"
            return to_record(new_event(event, source=source, trace=_trace(report.trace, starts=_has_failed(event))))
        identity = report.skill.identity()
        metadata: dict[str, Any] = {DROPPED: dropped} if dropped else {}
        if isinstance(report, Remainder):
            return self._record(self._remainder(report, identity, metadata), None)
        record = self._record(self._execution(report, identity, metadata), report.trace)
        if len(record.value or b"") > _ROOM:
            metadata[CALL_OMITTED] = f"an event of {len(record.value or b''):,} bytes is over the limit"
            bare = self._execution(report, identity, metadata).model_copy(update={"call": None, "expected": None})
            record = self._record(bare, report.trace)
        return record

    def _record(self, data: SkillExecutionEvent, trace: Trace | None) -> OutgoingRecord:
        return to_record(new_event(data, source=self._settings.source, trace=_trace(trace, starts=not data.success)))

    def _registration(self, identity: SourceIdentity) -> OutgoingRecord:
        data = SkillRegistered(
            tenant_id=self._settings.tenant,
            agent_id=self._settings.agent,
            content_hash=identity.content_hash,
            module=identity.module[:200],
            source=identity.module_source,
        )
        return to_record(new_event(data, source=self._settings.source))

    def _remainder(
        self, report: Remainder, identity: SourceIdentity | None, metadata: dict[str, Any]
    ) -> SkillExecutionEvent:
        return SkillExecutionEvent(
            execution_id=_new_execution_id(),
            agent_id=self._settings.agent,
            tenant_id=self._settings.tenant,
            skill_id=report.skill.name,
            skill_name=report.skill.name,
            success=report.success,
            metadata=metadata,
            skill=_skill_ref(report, identity),
            executions=report.executions,
        )

    def _execution(
        self, report: Execution, identity: SourceIdentity | None, metadata: dict[str, Any]
    ) -> SkillExecutionEvent:
        outcome = report.outcome
        return SkillExecutionEvent(
            execution_id=_new_execution_id(),
            agent_id=self._settings.agent,
            tenant_id=self._settings.tenant,
            skill_id=report.skill.name,
            skill_name=report.skill.name,
            execution_seconds=report.seconds,
            success=report.success,
            output=f"{outcome.type}: {outcome.message}"[:4_000] if isinstance(outcome, Failure) else "",
            metadata=metadata,
            occurred_at=datetime.fromtimestamp(report.started_at, UTC),
            skill=_skill_ref(report, identity),
            call=_call(report),
            expected=Expectation(value=encode(report.expected.value())) if report.expected else None,
            violation=report.violation[:4_000] if report.violation is not None else None,
            executions=report.executions,
        )


def _new_execution_id() -> EpisodeId:
    return EpisodeId(new_event_id())


def _has_failed(event: TaskEvent | SkillExecutionEvent) -> bool:
    return event.outcome.is_failure if isinstance(event, TaskEvent) else not event.success


def _trace(current: Trace | None, *, starts: bool) -> TraceContext:
    """The caller's trace; a failure without one starts its own, so that all hops to its fix share it."""
    if current is None and starts:
        current = (f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01", None)
    if current is None:
        return TraceContext()
    traceparent, tracestate = current
    return TraceContext(traceparent=traceparent, tracestate=tracestate, start=traceparent)


def _skill_ref(report: Execution | Remainder, identity: SourceIdentity | None) -> SkillRef | None:
    if identity is None:
        return None
    return SkillRef(
        name=report.skill.name,
        content_hash=identity.content_hash,
        function_hash=identity.function_hash,
        promoted=report.version.code_hash,
    )


def _call(report: Execution) -> Call:
    args, kwargs = report.arguments.value()
    return Call(
        entrypoint=report.skill.function.__qualname__[:200],
        arguments=Arguments(
            args=tuple(encode(value) for value in args),
            kwargs={name: encode(value) for name, value in kwargs.items()},
        ),
        outcome=_outcome(report.outcome),
    )


def _outcome(outcome: Snapshot | Failure) -> Returned | Raised:
    if isinstance(outcome, Snapshot):
        return Returned(value=encode(outcome.value()))
    return Raised(type=outcome.type, message=outcome.message, frames=tuple(_frame(place) for place in outcome.places))


def _frame(place: Place) -> Frame:
    import linecache

    return Frame(function=place.function[:200], statement=linecache.getline(place.filename, place.line).strip()[:500])
