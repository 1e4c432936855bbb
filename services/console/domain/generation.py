"""A generation of a case's search: what was tried in it, and what each came to.

Proposal and score are on topics of their own, and either may be read first; so each is a part that is there or not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from autodev.events.models.search import CandidateScore, CandidatesProposed, CandidatesScored, Decision, Seen
from autodev.ids import CandidateId, CaseId
from services.console.domain.document import Document, Fact
from services.console.domain.localisation import Localisation, localised

_DESCRIPTION: Final = 1_000
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
"""As Python counts lines; `str.splitlines` finds more of them."""


class Trial(Fact):
    """A candidate as it was proposed; its code is with the candidate."""

    candidate_id: CandidateId
    operator: str
    description: str


class Tried(Fact):
    trials: tuple[Trial, ...]
    source: tuple[str, ...] = ()
    """Lines of the module that ran unmodified: in generation 0 alone, and only while no version was promoted, since
    only then are they the lines that calls went through."""


class Judged(Fact):
    decision: Decision
    reason: str
    chosen: CandidateId | None
    scores: tuple[CandidateScore, ...]
    closeness: dict[str, float]
    """By candidate, of those whose runs were watched: how near they come to right answers."""
    base_closeness: float | None
    """Of the unmodified skill, where it was watched."""
    localisation: Localisation | None


class Generation(Document):
    case_id: CaseId
    round: int
    generation: int
    tried: Tried | None = None
    judged: Judged | None = None

    @property
    def key(self) -> str:
        return f"{self.case_id}/{self.round}/{self.generation}"

    def with_trials(self, data: CandidatesProposed) -> Generation:
        trials = tuple(
            Trial(candidate_id=each.candidate_id, operator=each.operator, description=each.description[:_DESCRIPTION])
            for each in data.candidates
            if each.code is not None
        )
        source = _LINE_END.split(data.module_source) if data.generation == 0 and data.base_promoted is None else ()
        return self.model_copy(update={"tried": Tried(trials=trials, source=tuple(source))})

    def with_judgement(self, data: CandidatesScored) -> Generation:
        base, watched = _by_part(data.seen)
        judged = Judged(
            decision=data.decision,
            reason=data.reason,
            chosen=data.chosen,
            scores=data.scores if data.generation else (),  # the unmodified skill is no candidate
            closeness=watched,
            base_closeness=base.closeness if base else None,
            localisation=localised(base.calls if base else (), data.observed),
        )
        return self.model_copy(update={"judged": judged})


def started(data: CandidatesProposed | CandidatesScored) -> Generation:
    """The generation before anything is known of it."""
    return Generation(tenant_id=data.tenant_id, case_id=data.case_id, round=data.round, generation=data.generation)


def _by_part(seen: tuple[Seen, ...]) -> tuple[Seen | None, dict[str, float]]:
    closeness: dict[str, float] = defaultdict(float)
    base = None
    for version in seen:
        if version.candidate.code is None:
            base = base or version
        else:
            name = version.candidate.candidate_id
            closeness[name] = max(closeness[name], version.closeness)
    return base, dict(closeness)
