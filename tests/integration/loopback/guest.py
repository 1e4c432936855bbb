"""Stands for the sandbox: runs candidates in this process. Only ever for code that these tests and our rules wrote."""

from __future__ import annotations

from typing import Any

from autodev.events.envelope import Event
from autodev.events.models.call import CallOutcome, Frame, Raised, Returned
from autodev.events.models.search import (
    CallRun,
    Candidate,
    CandidateRun,
    CandidatesExecuted,
    CandidatesProposed,
    EvidenceCall,
    PropertyVerdict,
    Verdict,
)
from tests.integration.loopback import speed


def run(proposed: CandidatesProposed) -> Event[CandidatesExecuted]:
    """The facts of a generation. The skill's property accepts a number or None."""
    runs = tuple(_candidate_run(proposed, candidate) for candidate in proposed.candidates)
    data = CandidatesExecuted(**dict(proposed), engine="in this process", runs=runs)
    return speed.said(data, proposed.case_id)


def _candidate_run(proposed: CandidatesProposed, candidate: Candidate) -> CandidateRun:
    names: dict[str, Any] = {}
    exec(proposed.module_source, names)
    if candidate.code is not None:
        exec(candidate.code, names)
    calls = tuple(_call_run(names[proposed.entrypoint], call) for call in proposed.evidence)
    return CandidateRun(candidate_id=candidate.candidate_id, verdict=Verdict.OK, seconds=0.01, calls=calls)


def _call_run(function: Any, call: EvidenceCall) -> CallRun:
    outcome: CallOutcome
    checked = PropertyVerdict.ABSENT
    try:
        value = function(*call.arguments.args, **call.arguments.kwargs)
    except Exception as error:  # noqa: BLE001 - whatever the skill raises is the fact
        frames = (Frame(function=function.__name__, statement=speed.STATEMENT),)
        outcome = Raised(type=type(error).__name__, message=str(error), frames=frames)
    else:
        outcome = Returned(value=value)
        checked = PropertyVerdict.HELD if value is None or isinstance(value, float) else PropertyVerdict.VIOLATED
    return CallRun(call_id=call.call_id, verdict=Verdict.OK, outcome=outcome, seconds=0.001, property=checked)
