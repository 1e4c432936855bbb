"""How likely an edit of an operator is the right one, before it has been tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from autodev.repair.model import Edit

USUAL: Final = 0.2
_HIDES: Final = 0.5
"""Of a rule's merit, what is left of one that answers a failure by hiding it."""

# Set by hand from what programmers commonly get wrong, and from how many edits of a kind there are in one function:
# of a thousand guards at most one is right, of two changed comparisons often one.
_LEVELS: Final[Mapping[float, str]] = {
    0.9: "undefined_name method_to_function",
    0.6: "comparison off_by_one_comparison off_by_one_range off_by_one_slice range_bound elif_to_if boolean_operator",
    0.5: """off_by_one_index off_by_one_return off_by_one_value negation membership arithmetic augmented_arithmetic
        swapped_arguments swapped_operands kept_result missing_call operator_to_method element_for_index dedented
        dedented_return moved_out moved_in if_to_while while_to_if if_to_elif else_to_elif shadowing""",
    0.4: """method_to_operator iterated copied unindexed indented indented_return moved_statement assignment_to_return
        brackets_to_call call_to_brackets slice_bound regrouped repeated_comparison swapped_conditions
        swapped_statements unwrapped_else moved_else assignment_operator wrong_name""",
    0.3: """builtin_swap wrong_target dropped_condition initial_value constant_empty constant_truth missing_jump
        unwrapped_call collection_literal dropped_operand missing_return""",
    0.2: """constant_number wrong_method missing_increment missing_append wrapped_element wrapped_return deleted_branch
        index_to_slice loop_guard""",
    0.12: "guard initialised return_value deleted_statement unwrapped_block missing_else missing_removal indexed",
    0.08: "cast wrapped_call missing_update wrong_callee strengthened_condition weakened_condition constant_condition",
}
_ERROR_LEVELS: Final[Mapping[str, Mapping[float, str]]] = {
    "NameError": {0.9: "undefined_name", 0.5: "initialised", 0.4: "wrong_name"},
    "UnboundLocalError": {0.9: "undefined_name", 0.7: "initialised", 0.5: "wrong_name moved_out dedented missing_else"},
    "IndexError": {0.8: "range_bound off_by_one_range", 0.6: "loop_guard swapped_conditions iterated", 0.3: "guard"},
    "TypeError": {
        0.7: "method_to_operator kept_result copied iterated brackets_to_call call_to_brackets",
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


def prior_of(operator: str, errors: Mapping[str, float]) -> float:
    """`errors`: how often each exception was what failed (`wrong_value` for a wrong answer), as shares of 1."""
    general = PRIORS.get(operator, USUAL)
    special = sum(share * BY_ERROR.get(error, {}).get(operator, general) for error, share in errors.items())
    return special if errors else general


def rule_prior(edit: Edit) -> float:
    """Of an edit by the rules for runtime errors: those that handle exactly what was observed come first."""
    return max(0.02, (1.0 - edit.risk) * _HIDES)
