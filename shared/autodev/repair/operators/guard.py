"""A base case at the function's start: what to answer for nothing, for one, for None."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import put_before
from autodev.repair.operators.subject import Subject

_NEUTRAL = ("[]", "0", "()", "''", "None", "False", "True", "1", "-1", "{}")


def guard(subject: Subject) -> Iterator[Mutation]:
    """`if not x: return …` and the like, for every parameter."""
    function = subject.function
    body = next((block for block in subject.blocks if block.owner is function.definition), None)
    if body is None or not body.statements:
        return
    for condition, parameter in _conditions(subject):
        for outcome in dict.fromkeys((*_constants_returned(subject), *_NEUTRAL, parameter)):
            lines = (f"if {condition}:", f"{function.indent_unit}return {outcome}")
            yield put_before("guard", function, body.statements[0], lines)


def loop_guard(subject: Subject) -> Iterator[Mutation]:
    """`if …: continue` and `if …: break` at the start of a loop's body, by what the loop compares."""
    function = subject.function
    for block in subject.blocks:
        if not isinstance(block.owner, cst.For | cst.While) or not block.statements:
            continue
        for condition in _loop_conditions(subject, block.owner):
            for jump in ("continue", "break"):
                lines = (f"if {condition}:", f"{function.indent_unit}{jump}")
                yield put_before("loop_guard", function, block.statements[0], lines)


def _conditions(subject: Subject) -> Iterator[tuple[str, str]]:
    kinds = subject.kinds
    parameters = subject.scope.parameters
    for parameter in parameters:
        yield f"not {parameter}", parameter
    for parameter in parameters:
        if parameter in kinds.collections or parameter not in kinds.numbers:
            yield f"len({parameter}) <= 1", parameter
            yield f"len({parameter}) == 1", parameter
        if parameter in kinds.numbers or parameter not in kinds.collections:
            for condition in ("<= 0", "== 1", "<= 1", "< 0", "== 0"):
                yield f"{parameter} {condition}", parameter
        yield f"{parameter} is None", parameter
    for number in parameters:
        for collection in parameters:
            if number != collection and collection in kinds.collections and number not in kinds.collections:
                yield f"{number} > len({collection})", collection
                yield f"{number} in {collection}", collection
                yield f"{number} not in {collection}", collection


def _constants_returned(subject: Subject) -> Iterator[str]:
    """The plain values that the function returns elsewhere: the likeliest for a special case, too."""
    for node in subject.returns:
        match node.value:
            case cst.List(elements=[]) | cst.Tuple(elements=[]) | cst.Dict(elements=[]) | cst.SimpleString():
                yield subject.function.text(node.value)
            case cst.Integer() | cst.Name(value="True" | "False" | "None"):
                yield subject.function.text(node.value)


def _loop_conditions(subject: Subject, loop: cst.For | cst.While) -> Iterator[str]:
    if not isinstance(loop, cst.For) or not isinstance(loop.target, cst.Name):
        return
    target = loop.target.value
    yield f"not {target}"
    for name in subject.scope.own:
        if name == target:
            continue
        if name in subject.kinds.collections:
            yield f"{target} in {name}"
            yield f"{target} not in {name}"
            yield f"{target} >= len({name})"
        if name not in subject.kinds.collections:
            yield f"{target} == {name}"
            yield f"{target} > {name}"
            yield f"{target} < {name}"
