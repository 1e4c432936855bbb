"""Which calls are no evidence for good, and which may yet be."""

from __future__ import annotations

import pytest

from autodev.events.models.search import CallRun, CandidateRun, CandidatesExecuted, Verdict
from autodev.ids import CallId
from services.fitness.domain.score import sound_evidence
from tests.unit.fitness.test_choosing import BASE, RIGHT, executed


def with_base_verdict(generation: CandidatesExecuted, call: str, verdict: Verdict) -> CandidatesExecuted:
    base = generation.runs[0]
    calls = tuple(
        CallRun(call_id=run.call_id, verdict=verdict, outcome=None, seconds=2.0) if run.call_id == call else run
        for run in base.calls
    )
    cut_short = CandidateRun(candidate_id=base.candidate_id, verdict=Verdict.OK, seconds=2.0, calls=calls)
    return generation.model_copy(update={"runs": (cut_short,)})


def test_a_call_with_another_outcome_is_refuted() -> None:
    sound = sound_evidence(executed(base=BASE | {"fail-1": RIGHT["fail-1"]}))
    assert sound.refuted == (CallId("fail-1"),)


@pytest.mark.parametrize("verdict", [Verdict.WALL_TIMEOUT, Verdict.OOM, Verdict.NO_RESULT])
def test_a_call_that_came_to_no_end_is_neither_sound_nor_refuted(verdict: Verdict) -> None:
    sound = sound_evidence(with_base_verdict(executed(), "fail-1", verdict))
    assert "fail-1" not in {call.call_id for call in sound.calls}
    assert sound.refuted == ()
