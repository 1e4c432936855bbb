"""Puts together what a fix is: what was proposed, that it was promoted, and that the agent runs it."""

from __future__ import annotations

from dataclasses import dataclass

from autodev.events.models.case import SkillPromoted
from autodev.events.models.search import CandidatesProposed
from autodev.ids import CandidateId, CaseId
from autodev.repair import diff
from examples.flights.messages import Switched


@dataclass(frozen=True)
class Fix:
    """A promoted version that the agent runs."""

    tool: str
    version: str
    description: str
    diff: str
    seconds: float
    """From the first failure of the kind that it repairs to the moment the agent ran it."""
    candidate_id: CandidateId
    case_id: CaseId


class Fixes:
    """Fixes in the order in which they were complete. Agent and topics are told of apart, in any order."""

    def __init__(self) -> None:
        self.complete: list[Fix] = []
        self._proposals: dict[CandidateId, tuple[str, str]] = {}
        self._promotions: dict[tuple[str, str], SkillPromoted] = {}
        self._seconds: dict[tuple[str, str], float] = {}

    def proposed(self, generation: CandidatesProposed) -> None:
        for candidate in generation.candidates:
            self._proposals[candidate.candidate_id] = generation.base_code, candidate.description

    def promoted(self, promotion: SkillPromoted) -> Fix | None:
        """The fix that this completes, if it does."""
        key = promotion.skill, promotion.version
        self._promotions[key] = promotion
        return self._completed(key)

    def switched(self, switch: Switched) -> Fix | None:
        """The fix that this completes, if it does."""
        if switch.version is None or switch.first_failure_at is None:
            return None
        key = switch.tool, switch.version
        self._seconds[key] = (switch.at - switch.first_failure_at).total_seconds()
        return self._completed(key)

    def _completed(self, key: tuple[str, str]) -> Fix | None:
        promotion, seconds = self._promotions.get(key), self._seconds.get(key)
        if promotion is None or seconds is None or promotion.candidate_id not in self._proposals:
            return None
        if any(fix.candidate_id == promotion.candidate_id for fix in self.complete):
            return None  # promoted once more, after it was withdrawn
        base, description = self._proposals[promotion.candidate_id]
        fix = Fix(
            tool=promotion.skill,
            version=promotion.version,
            description=description,
            diff=diff(base, promotion.code),
            seconds=seconds,
            candidate_id=promotion.candidate_id,
            case_id=promotion.case_id,
        )
        self.complete.append(fix)
        return fix
