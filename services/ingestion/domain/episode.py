"""A report of an agent, as the episode that everyone else sees."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from autodev.events.binary import MAX_AHEAD, InvalidRecordError
from autodev.events.envelope import Event
from autodev.events.models.agent import Outcome, SkillExecutionEvent, TaskEvent
from autodev.events.models.call import Call, Expectation, Returned, SkillRef
from autodev.events.models.failure import EpisodeRecorded
from autodev.ids import case_id
from services.ingestion.domain.scrubbing import is_clean, scrub
from services.ingestion.domain.secrets import scrub_text
from services.ingestion.domain.signature import call_signature, trace_signature


def check_time(field: str, moment: datetime, now: datetime, retention: timedelta) -> None:
    """Refuse what claims to come from the future or from before anything is kept.

    Raises:
        InvalidRecordError: naming `field`.
    """
    if moment > now + MAX_AHEAD:
        raise InvalidRecordError(field, f"is more than {MAX_AHEAD.seconds // 60} minutes ahead of now")
    if moment < now - retention:
        raise InvalidRecordError(field, f"is older than the retention of {retention.days} days")


def to_episode(event: Event[TaskEvent | SkillExecutionEvent]) -> tuple[EpisodeRecorded, str]:
    """The scrubbed episode of a report, and the error type of its failure ("" for a success)."""
    report = event.data
    assert report is not None
    call = _scrubbed_call(report.call)
    trace = violation = None
    if isinstance(report, SkillExecutionEvent):
        reported, outcome = report.execution_id, Outcome.SUCCESS if report.success else Outcome.FAILURE
        description, executions = report.output, report.executions
        violation = scrub_text(report.violation) if report.violation is not None else None
    else:
        reported, outcome = report.episode_id, report.outcome
        description, executions = report.task_description, 1
        trace = report.error_trace
    failure = _failure(report.skill, call, violation, trace) if outcome.is_failure else _NO_FAILURE
    case = case_id(report.tenant_id, report.agent_id, failure.signature) if failure.signature is not None else None
    # All of it comes from a valid report: a check of the same limits again would take a third of this function.
    episode = EpisodeRecorded.of_valid(
        {
            "tenant_id": report.tenant_id,
            "agent_id": report.agent_id,
            "episode_id": reported,
            "reported_as": event.id,
            "occurred_at": report.occurred_at,
            "outcome": outcome,
            "description": scrub_text(description),
            "skill": report.skill,
            "call": call,
            "expected": _scrubbed_expectation(report.expected),
            "violation": violation,
            "signature": failure.signature,
            "case_id": case,
            "executions": executions,
        }
    )
    return episode, failure.error_type


class _Failure(NamedTuple):
    signature: str | None
    error_type: str


_NO_FAILURE: Final = _Failure(None, "")
_IN_WORDS: Final = _Failure(None, "TaskFailed")


def _failure(skill: SkillRef | None, call: Call | None, violation: str | None, trace: str | None) -> _Failure:
    found = _signature(skill, call, violation, trace)
    return _IN_WORDS if found is None else _Failure(*found)


def _signature(
    skill: SkillRef | None, call: Call | None, violation: str | None, trace: str | None
) -> tuple[str, str] | None:
    if call is not None:
        return call_signature(skill, call, violation)
    return trace_signature(trace) if trace else None


def _scrubbed_call(call: Call | None) -> Call | None:
    if call is None:
        return None
    texts = _texts(call)
    if is_clean(texts) or scrub(texts) == texts:
        return call
    return Call.model_validate(scrub(call.model_dump(mode="json")))


def _texts(call: Call) -> list[Any]:
    """All of a call that may hold a secret, for less than what it takes to dump it."""
    if isinstance(call.outcome, Returned):
        came: list[Any] = [call.outcome.value]
    else:
        came = [call.outcome.type, call.outcome.message]
        came += [text for frame in call.outcome.frames for text in (frame.function, frame.statement)]
    return [call.entrypoint, list(call.arguments.args), call.arguments.kwargs, came]


def _scrubbed_expectation(expected: Expectation | None) -> Expectation | None:
    return None if expected is None else Expectation(value=scrub(expected.value))
