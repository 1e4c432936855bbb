"""Every operator there is, and all their mutations. A new family is a module and a line here."""

from collections.abc import Iterator
from typing import Final

from autodev.repair.mutation import Mutation
from autodev.repair.operators.arithmetic import arithmetic, assignment, comparison_to_assignment, dropped_operand
from autodev.repair.operators.boolean import (
    boolean_operator,
    constant_condition,
    dropped_condition,
    negation,
    repeated_comparison,
)
from autodev.repair.operators.bounds import off_by_one, range_bound, slice_bound
from autodev.repair.operators.branching import elif_to_else, else_of_loop, else_to_condition, joined_branches, keyword
from autodev.repair.operators.calls import (
    argument_count,
    builtin_swap,
    unwrapped_call,
    wrapped_call,
)
from autodev.repair.operators.comparison import comparison
from autodev.repair.operators.completion import checked_return, compared_beyond, filled_literal
from autodev.repair.operators.condition import strengthened_condition, weakened_condition
from autodev.repair.operators.constant import constant
from autodev.repair.operators.deletion import deleted_branch, deleted_statement, unwrapped_block, unwrapped_else
from autodev.repair.operators.everywhere import REPEATED, everywhere
from autodev.repair.operators.extension import bounded, joined, offset_by_name, powered, sliced
from autodev.repair.operators.guard import guard, loop_guard
from autodev.repair.operators.initialiser import global_statement, initial_value, initialised, missing_import
from autodev.repair.operators.iteration import copied, indexed, iterated
from autodev.repair.operators.method import method_to_operator, missing_call, wrong_method
from autodev.repair.operators.missing_statement import missing_else, missing_jump, missing_statement
from autodev.repair.operators.module_names import ModuleNames
from autodev.repair.operators.moving import dedented, indented, moved_first, moved_in, moved_out, swapped_statements
from autodev.repair.operators.operand_grouping import regrouped
from autodev.repair.operators.result import kept_result, method_to_function
from autodev.repair.operators.returns import missing_return, return_value, unpacked_return
from autodev.repair.operators.subject import Operator, Subject
from autodev.repair.operators.swapping import swapped_arguments, swapped_calls, swapped_operands
from autodev.repair.operators.wrong_name import shadowing, undefined_name, wrong_name, wrong_target
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.rewriting import rewritten

OPERATORS: Final[tuple[Operator, ...]] = (
    undefined_name,
    missing_import,
    comparison,
    off_by_one,
    wrong_name,
    dedented,
    indented,
    constant,
    boolean_operator,
    negation,
    arithmetic,
    missing_call,
    swapped_calls,
    comparison_to_assignment,
    moved_out,
    wrong_method,
    range_bound,
    deleted_statement,
    method_to_operator,
    kept_result,
    method_to_function,
    copied,
    swapped_arguments,
    swapped_operands,
    unwrapped_call,
    builtin_swap,
    missing_return,
    initialised,
    guard,
    moved_in,
    iterated,
    keyword,
    joined_branches,
    else_of_loop,
    else_to_condition,
    elif_to_else,
    unwrapped_block,
    unwrapped_else,
    deleted_branch,
    swapped_statements,
    missing_jump,
    dropped_condition,
    repeated_comparison,
    slice_bound,
    assignment,
    wrong_target,
    shadowing,
    global_statement,
    unpacked_return,
    indexed,
    initial_value,
    missing_statement,
    missing_else,
    wrapped_call,
    dropped_operand,
    regrouped,
    return_value,
    constant_condition,
    argument_count,
    moved_first,
    strengthened_condition,
    weakened_condition,
    loop_guard,
    checked_return,
    filled_literal,
    compared_beyond,
    bounded,
    sliced,
    joined,
    powered,
    offset_by_name,
)
NO_NAMES: Final = ModuleNames()


def mutations(function: FunctionSource, module: ModuleNames = NO_NAMES) -> Iterator[Mutation]:
    """Every mutation once, lazily and always in the same order, the likely families first.

    Each result keeps the function's signature and docstring, and differs in its text from the function and from all
    results before. Two in a thousand do not compile: to find out takes three times as long as to
    make one, so it is left to who takes it.
    """
    seen = {function.code}
    for mutation in _all(Subject(function, module)):
        code, _ = rewritten(function, mutation.replacements)
        if code not in seen:
            seen.add(code)
            yield mutation


def _all(subject: Subject) -> Iterator[Mutation]:
    repeated: list[Mutation] = []
    for operator in OPERATORS:
        for mutation in operator(subject):
            if mutation.operator in REPEATED:
                repeated.append(mutation)
            yield mutation
    yield from everywhere(repeated)
