"""The fitness vector of each candidate of a generation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import Final

from autodev.events.models.call import Raised
from autodev.events.models.search import (
    CallRun,
    CandidateRun,
    CandidateScore,
    CandidatesExecuted,
    EvidenceCall,
    ObservedFailure,
    Role,
    Share,
    Verdict,
)
from autodev.ids import CallId, CandidateId
from autodev.judging import Judgement, is_sound, judge

WEIGHTS: Final = {"performance": 0.3, "accuracy": 0.4, "cost": 0.2, "satisfaction": 0.1}
NEUTRAL: Final = 0.5
COSTLY_EDIT: Final = 100
"""Changed tokens at which an edit's cost score reaches zero."""


@dataclass(frozen=True)
class Sound:
    """The evidence that holds, with the base's run on each call."""

    calls: tuple[EvidenceCall, ...]
    base: dict[CallId, CallRun]
    refuted: tuple[CallId, ...]
    """Calls that ended properly without giving the recorded outcome again."""

    @property
    def failing(self) -> list[EvidenceCall]:
        return [call for call in self.calls if call.role is Role.FAILING]

    def observed(self) -> tuple[ObservedFailure, ...]:
        """How the base fails now, on the search part, for engines to read."""
        return tuple(
            ObservedFailure(call_id=call.call_id, raised=outcome)
            for call in self.failing
            if call.share is Share.SEARCH and isinstance(outcome := self.base[call.call_id].outcome, Raised)
        )


def sound_evidence(executed: CandidatesExecuted) -> Sound:
    """The first candidate of every generation is the unmodified skill; its run decides what is evidence."""
    base = {run.call_id: run for run in executed.runs[0].calls}
    ran = [call for call in executed.evidence if call.call_id in base]
    sound = tuple(call for call in ran if is_sound(call, base[call.call_id]))
    refuted = tuple(
        call.call_id
        for call in ran
        if call not in sound and base[call.call_id].verdict in (Verdict.OK, Verdict.GUEST_ERROR)
    )
    return Sound(sound, base, refuted)


def not_reproduced(executed: CandidatesExecuted) -> str:
    """In words, what the failing calls came to instead."""
    run = executed.runs[0]
    if run.verdict is not Verdict.OK:
        return f"the sandbox ended the run as {run.verdict}: {run.message}"[:1_000]
    runs = {call.call_id: call for call in run.calls}
    outcomes = Counter(
        _described(runs[call.call_id])
        for call in executed.evidence
        if call.role is Role.FAILING and call.call_id in runs
    )
    told = "; ".join(f"{count} {what}" for what, count in outcomes.most_common(3))
    return f"in the sandbox the failing calls gave another outcome than recorded: {told}"[:1_000]


def score(executed: CandidatesExecuted, sound: Sound) -> list[CandidateScore]:
    """A score for every candidate but the base."""
    risks = {candidate.candidate_id: candidate for candidate in executed.candidates}
    return [_score(run, sound, risks[run.candidate_id].size, risks[run.candidate_id].risk) for run in executed.runs[1:]]


def _score(run: CandidateRun, sound: Sound, size: int, risk: float) -> CandidateScore:
    runs = {call.call_id: call for call in run.calls}
    judged = [
        (call, judge(call, runs[call.call_id], sound.base[call.call_id]) if call.call_id in runs else _LOST)
        for call in sound.calls
    ]
    failing = [(call, verdict) for call, verdict in judged if call.role is Role.FAILING]
    kept = [(call, verdict) for call, verdict in judged if call.role is not Role.FAILING]
    held_out = [verdict for call, verdict in judged if call.share is Share.HELD_OUT]
    wrong = Counter(f"{call.role} call {verdict.why}" for call, verdict in judged if not verdict.right)
    right = sum(verdict.right for _, verdict in judged)
    ratio = _latency_ratio([call.call_id for call, _ in kept], runs, sound.base)
    return CandidateScore(
        candidate_id=CandidateId(run.candidate_id),
        fixed=sum(verdict.right for _, verdict in failing),
        failing=len(failing),
        kept=sum(verdict.right for _, verdict in kept),
        passing=len(kept),
        held_out_passed=sum(verdict.right for verdict in held_out),
        held_out=len(held_out),
        oracle_calls=sum(verdict.vouched for _, verdict in failing),
        nones=sum(verdict.none for _, verdict in failing),
        latency_ratio=ratio,
        size=size,
        risk=risk,
        fitness=_fitness(right / len(judged) if judged else 0.0, ratio, size),
        plausible=bool(failing) and not wrong,
        reason="; ".join(f"{count} times {why}" for why, count in wrong.most_common(3))[:1_000]
        or "right on every call",
    )


_LOST = Judgement(right=False, vouched=False, none=False, why="gave no result")


def _fitness(accuracy: float, latency_ratio: float | None, size: int) -> float:
    """The weighted mean of the reference; satisfaction is neutral until people have said something."""
    scores = {
        "performance": NEUTRAL if latency_ratio is None else min(1.0, 1.0 / latency_ratio if latency_ratio else 1.0),
        "accuracy": accuracy,
        "cost": max(0.0, 1.0 - size / COSTLY_EDIT),
        "satisfaction": NEUTRAL,
    }
    return sum(WEIGHTS[name] * value for name, value in scores.items()) / sum(WEIGHTS.values())


def _latency_ratio(kept: list[CallId], runs: dict[CallId, CallRun], base: dict[CallId, CallRun]) -> float | None:
    pairs = [(runs[call].seconds, base[call].seconds) for call in kept if call in runs]
    before = median(theirs for _, theirs in pairs) if pairs else 0.0
    return median(ours for ours, _ in pairs) / before if before else None


def _described(run: CallRun) -> str:
    if isinstance(run.outcome, Raised):
        return f"raised {run.outcome.type}: {run.outcome.message}"[:200]
    return "returned" if run.outcome is not None else f"ended as {run.verdict}"
