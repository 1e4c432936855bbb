"""What a search may go on from: versions that the sandbox has watched, with what their calls came to."""

from __future__ import annotations

from typing import Final

from autodev.events.models.call import Raised, Returned
from autodev.events.models.search import (
    CallRun,
    Candidate,
    CandidateRun,
    CandidatesExecuted,
    Ended,
    EvidenceCall,
    Seen,
    SeenCall,
    Way,
)
from autodev.ids import CallId
from autodev.judging import judge
from autodev.nearness import closeness, searched

ROOM: Final = 256 << 10
"""Bytes of all of them, in a record that has to stay within its topic's limit."""
_MESSAGE: Final = 500


def seen(executed: CandidatesExecuted) -> list[Seen]:
    """Of the search part alone: what is held out, no engine hears of. What does not fit is left out, lines first."""
    calls = searched(executed, executed.runs[0])
    room, found = ROOM, []
    for candidate, run in zip(executed.candidates, executed.runs, strict=True):
        whole = _seen(candidate, run, calls) if run.ways else None
        for version in (whole, _without_lines(whole)) if whole else ():
            if (size := len(version.model_dump_json().encode())) <= room:
                found.append(version)
                room -= size
                break
    return found


def _without_lines(version: Seen) -> Seen:
    return version.model_copy(
        update={"calls": tuple(call.model_copy(update={"lines": (), "frames": ()}) for call in version.calls)}
    )


def _seen(candidate: Candidate, run: CandidateRun, calls: list[tuple[EvidenceCall, CallRun]]) -> Seen:
    ran = {call.call_id: call for call in run.calls}
    ways = {CallId(way.call_id): way for way in run.ways}
    return Seen(
        candidate=candidate,
        closeness=closeness(calls, run),
        calls=tuple(
            _call(call, ran[call.call_id], base, ways.get(call.call_id, Way(call_id=call.call_id)))
            for call, base in calls
            if call.call_id in ran
        ),
    )


def _call(call: EvidenceCall, run: CallRun, base: CallRun, way: Way) -> SeenCall:
    told = {name: getattr(way, name) for name in Way.model_fields}
    if judge(call, run, base).right:
        return SeenCall(**told, ended=Ended.RIGHT)
    match run.outcome:
        case Raised(type=error, message=message):
            return SeenCall(**told, ended=Ended.RAISED, error=error, message=message[:_MESSAGE])
        case Returned():
            return SeenCall(**told, ended=Ended.WRONG)
    return SeenCall(**told, ended=Ended.STOPPED, error=run.verdict.value)
