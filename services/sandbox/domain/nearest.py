"""Which versions of a generation a search may go on from, where none of them is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from autodev.events.models.search import Candidate, CandidateRun, Generation, Role
from autodev.ids import CallId, CandidateId
from autodev.judging import judge
from autodev.nearness import closeness, searched
from services.sandbox.domain.survivors import is_right

MOST: Final = 2
"""Candidates: to watch one costs as much as to try a dozen."""


def nearest(generation: Generation, runs: Mapping[CandidateId, CandidateRun]) -> list[Candidate]:
    """The unmodified skill, and the candidates that come nearer than it, the nearest first; none if the search is over.

    It is over with one that is right, or with nothing that fails.
    """
    base, *candidates = generation.candidates
    before = runs[base.candidate_id]
    calls = searched(generation, before)
    if not any(call.role is Role.FAILING for call, _ in calls):
        return []
    if any(_is_proved(generation, runs[each.candidate_id], before) for each in candidates):
        return []
    least = closeness(calls, before)
    nearer = [(closeness(calls, runs[each.candidate_id]), each) for each in candidates]
    found: dict[tuple[bool, ...], Candidate] = {}
    for near, each in sorted(nearer, key=lambda pair: -pair[0]):
        if least < near < 1:  # right on all that a search goes by, and yet not right: no way leads on from there
            ran = {call.call_id: call for call in runs[each.candidate_id].calls}
            found.setdefault(tuple(judge(call, ran[call.call_id], seen).right for call, seen in calls), each)
    return [base, *list(found.values())[:MOST]]


def _is_proved(generation: Generation, run: CandidateRun, base: CandidateRun) -> bool:
    ran: set[CallId] = {call.call_id for call in run.calls}
    return all(call.call_id in ran for call in generation.evidence) and is_right(generation, run, base)
