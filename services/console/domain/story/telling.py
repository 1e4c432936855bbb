"""The whole story of a case's last search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from autodev.ids import CandidateId
from services.console.domain.candidate import CandidateState
from services.console.domain.document import Fact
from services.console.domain.generation import Generation
from services.console.domain.localisation import Localisation
from services.console.domain.story.attempt import Attempt, attempts_of
from services.console.domain.story.course import OperatorTally, Stage, operators_of, stages_of
from services.console.domain.story.lineage import Node, lineage_of
from services.console.domain.story.ranking import Choice, Ranked, ranking_of, reasons_for

_STATEMENT: Final = 500


class Story(Fact):
    round: int
    """Of the search that is told: the last one."""
    tried: int
    localisation: Localisation | None
    statements: dict[int, str]
    """Text of the suspected lines, where it is known."""
    generations: tuple[Stage, ...]
    operators: tuple[OperatorTally, ...]
    ranking: tuple[Ranked, ...]
    choice: Choice | None
    lineage: tuple[Node, ...]


def told(generations: Sequence[Generation], states: Mapping[CandidateId, CandidateState]) -> Story | None:
    """The story of the last round in `generations`, all of one case; None if nothing was searched yet.

    `states` are of the candidates that more is known of than their score.
    """
    if not generations:
        return None
    last = max(generation.round for generation in generations)
    mine = sorted((each for each in generations if each.round == last), key=lambda each: each.generation)
    attempts = attempts_of(mine)
    deciding = next((each for each in reversed(mine) if each.judged and each.judged.chosen), None)
    chosen = deciding.judged.chosen if deciding and deciding.judged else None
    ranking = ranking_of(attempts, chosen, states)
    localisation = _localisation(mine)
    judged = [each.judged for each in mine if each.judged]
    base = next((each.base_closeness for each in judged if each.base_closeness is not None), None)
    return Story(
        round=last,
        tried=len(attempts),
        localisation=localisation,
        statements=_statements(mine, localisation),
        generations=stages_of(mine, attempts),
        operators=operators_of(attempts),
        ranking=ranking,
        choice=_choice(deciding, attempts, ranking) if deciding else None,
        lineage=lineage_of(attempts, base, chosen, states),
    )


def _localisation(generations: Sequence[Generation]) -> Localisation | None:
    """The first one with lines, else the first one: later ones tell the same of the same skill."""
    known = [each.judged.localisation for each in generations if each.judged and each.judged.localisation]
    return next((each for each in known if each.lines), known[0] if known else None)


def _statements(generations: Sequence[Generation], localisation: Localisation | None) -> dict[int, str]:
    source = next((each.tried.source for each in generations if each.tried and each.tried.source), ())
    if localisation is None:
        return {}
    lines = {each.line for each in localisation.lines} | {each.line for each in localisation.frames if each.line}
    return {line: source[line - 1].strip()[:_STATEMENT] for line in sorted(lines) if 0 < line <= len(source)}


def _choice(deciding: Generation, attempts: Sequence[Attempt], ranking: Sequence[Ranked]) -> Choice | None:
    judged = deciding.judged
    score = next((it.score for it in attempts if judged and it.candidate_id == judged.chosen), None)
    if judged is None or score is None:
        return None
    return Choice(
        candidate_id=score.candidate_id,
        decision=judged.decision,
        reason=judged.reason,
        because=reasons_for(score, ranking),
    )
