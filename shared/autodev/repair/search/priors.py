"""How likely an edit of an operator is the right one, before it has been tried.

Levels set by hand are where belief begins; experience moves it, as much as there is of it (a Gamma prior: the level
counts as if `_BELIEF` edits had been tried). What is shipped in `learnt.json` was learnt by `make learn-priors` from
programs of others; a workspace's own experience moves that in turn.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from autodev.repair.model import Edit
from autodev.repair.search.experience import ANY, Experience, from_document

USUAL: Final = 0.2
_HIDES: Final = 0.5
"""Of a rule's merit, what is left of one that answers a failure by hiding it."""
_BELIEF: Final = 5_000
"""Edits tried that change a level half of the way, about as many as an operator gives of ten to a hundred programs."""
_OWN_BELIEF: Final = 100
"""The same for a workspace's own: ten searches or so, each of which tries about ten edits of an operator."""
_LIKELIEST: Final = 0.95
_UNLIKELIEST: Final = 0.005
LEARNT: Final = Path(__file__).with_name("learnt.json")

# Set by hand from what programmers commonly get wrong, and from how many edits of a kind there are in one function:
# of a thousand guards at most one is right, of two changed comparisons often one.
_LEVELS: Final[Mapping[float, str]] = {
    0.9: "undefined_name method_to_function",
    0.6: """comparison off_by_one_comparison off_by_one_range off_by_one_slice range_bound elif_to_if
        boolean_operator""",
    0.5: """off_by_one_index off_by_one_return off_by_one_value negation membership arithmetic augmented_arithmetic
        swapped_arguments swapped_operands kept_result missing_call operator_to_method element_for_index
        dedented dedented_return moved_out moved_in if_to_while while_to_if if_to_elif else_to_elif shadowing""",
    0.4: """method_to_operator iterated copied unindexed indented indented_return moved_statement
        assignment_to_return brackets_to_call call_to_brackets slice_bound regrouped repeated_comparison
        swapped_conditions swapped_statements unwrapped_else moved_else assignment_operator wrong_name""",
    0.3: """checked_return builtin_swap wrong_target dropped_condition initial_value constant_empty constant_truth
        missing_jump unwrapped_call collection_literal dropped_operand missing_return""",
    0.2: """or_empty off_by_one_operand constant_number wrong_method missing_increment missing_append
        wrapped_element wrapped_return deleted_branch index_to_slice loop_guard""",
    0.15: "compared_beyond filled_literal bounded joined powered",
    0.12: """offset_by_name sliced guard initialised return_value deleted_statement unwrapped_block missing_else
        missing_removal indexed""",
    0.08: """index_to_call cast wrapped_call missing_update wrong_callee strengthened_condition weakened_condition
        constant_condition""",
}
_ERROR_LEVELS: Final[Mapping[str, Mapping[float, str]]] = {
    "NameError": {0.9: "undefined_name missing_import", 0.5: "initialised", 0.4: "wrong_name"},
    "UnboundLocalError": {0.9: "undefined_name", 0.7: "initialised", 0.5: "wrong_name moved_out dedented missing_else"},
    "IndexError": {0.8: "range_bound off_by_one_range", 0.6: "loop_guard swapped_conditions iterated", 0.3: "guard"},
    "TypeError": {
        0.9: "brackets_to_call",
        0.7: "method_to_operator kept_result copied iterated call_to_brackets",
        0.5: "unindexed wrapped_element unwrapped_call collection_literal in_place missing_call",
        0.3: "cast wrapped_call wrapped_return",
    },
    "AttributeError": {0.7: "wrong_method method_to_operator method_to_function", 0.3: "cast wrapped_call"},
    "ValueError": {0.4: "guard loop_guard copied", 0.5: "wrong_method"},
    "Timeout": {0.7: "missing_increment while_to_if dedented indented moved_out moved_in", 0.6: "copied missing_jump"},
}


def _by_operator(levels: Mapping[float, str]) -> Mapping[str, float]:
    return {operator: level for level, operators in levels.items() for operator in operators.split()}


PRIORS: Final = _by_operator(_LEVELS)
BY_ERROR: Final = {error: _by_operator(levels) for error, levels in _ERROR_LEVELS.items()}


class Priors:
    """Levels moved by experience. Only their ratios matter to a search.

    `below`: whose levels they are before, in the place of those set by hand; `belief`: edits tried that move one half
    of the way.
    """

    def __init__(self, experience: Experience, below: Priors | None = None, belief: float = _BELIEF) -> None:
        self._experience = experience
        self._below = below
        self._belief = belief

    def moved_by(self, own: Experience) -> Priors:
        """By a workspace's own experience, which is little, but of the very programs that it is asked about."""
        return Priors(own, self, _OWN_BELIEF)

    def of(self, operator: str, errors: Mapping[str, float]) -> float:
        """`errors`: how often each exception was what failed (`wrong_value` for a wrong answer), as shares of 1."""
        general = self._general(operator)
        if not errors:
            return general
        return sum(share * self._special(operator, error, general) for error, share in errors.items())

    @cached_property
    def _scale(self) -> float:
        """Right edits for each that was tried, of an operator whose level is 1."""
        counts = [(operator, self._experience.of(operator)) for operator in self._experience.operators]
        expected = sum(self._level(operator) * count.tried for operator, count in counts)
        return sum(count.right for _, count in counts) / expected if expected else 1.0

    def _general(self, operator: str) -> float:
        return self._moved(self._level(operator), operator, ANY)

    def _level(self, operator: str) -> float:
        return PRIORS.get(operator, USUAL) if self._below is None else self._below.of(operator, {})

    def _special(self, operator: str, error: str, general: float) -> float:
        if self._below is not None:
            level = self._below.of(operator, {error: 1.0})
            return self._moved(level * general / self._level(operator), operator, error)
        by_hand = BY_ERROR.get(error, {}).get(operator)
        return self._moved(general if by_hand is None else (general + by_hand) / 2, operator, error)

    def _moved(self, level: float, operator: str, error: str) -> float:
        count = self._experience.of(operator, error)
        moved = (count.right / (self._scale or 1.0) + level * self._belief) / (count.tried + self._belief)
        return min(max(moved, _UNLIKELIEST), _LIKELIEST)


@cache
def shipped() -> Priors:
    """What is known without a workspace's own experience."""
    return learnt(LEARNT.read_text(encoding="utf-8"))


def learnt(document: str) -> Priors:
    """From what `make learn-priors` writes. Raises ValueError for anything else."""
    try:
        return Priors(from_document(json.loads(document)["operators"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"no counts of operators: {type(error).__name__}: {error}") from None


def rule_prior(edit: Edit) -> float:
    """Of an edit by the rules for runtime errors: those that handle exactly what was observed come first."""
    return max(0.02, (1.0 - edit.risk) * _HIDES)
