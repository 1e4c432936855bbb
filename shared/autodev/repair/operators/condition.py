"""Conditions made stronger or weaker by a bound, an emptiness or an equality."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import replaced
from autodev.repair.operators.precedence import Binding, operand
from autodev.repair.operators.subject import Subject


def strengthened_condition(subject: Subject) -> Iterator[Mutation]:
    """`and` one more check, before the rest when the rest needs it."""
    function = subject.function
    for node in subject.conditions:
        text = operand(function, node, Binding.COMPARISON)
        for check in _checks(subject, node):
            yield replaced("strengthened_condition", function, node, f"{check} and {text}", Binding.LOOSE)
            yield replaced("strengthened_condition", function, node, f"{text} and {check}", Binding.LOOSE)


def weakened_condition(subject: Subject) -> Iterator[Mutation]:
    """`or` one more check, before the rest when the rest needs it."""
    function = subject.function
    for node in subject.conditions:
        text = operand(function, node, Binding.LOOSE)
        for name in subject.scope.visible(node):
            if name in subject.kinds.collections:
                yield replaced("or_empty", function, node, f"not {name} or {text}", Binding.LOOSE)
                yield replaced("or_empty", function, node, f"{text} or not {name}", Binding.LOOSE)
        for check in _checks(subject, node):
            yield replaced("weakened_condition", function, node, f"{check} or {text}", Binding.LOOSE)
            yield replaced("weakened_condition", function, node, f"{text} or {check}", Binding.LOOSE)


def _checks(subject: Subject, place: cst.CSTNode) -> Iterator[str]:
    kinds, names = subject.kinds, subject.scope.visible(place)
    collections = [name for name in names if name in kinds.collections]
    others = [name for name in names if name not in kinds.collections]
    for name in collections:
        yield name
        yield f"not {name}"
    for other in others:
        for name in collections:
            yield f"{other} < len({name})"
            yield f"{other} == len({name})"
            yield f"{other} == len({name}) - 1"
            yield f"{other} in {name}"
            yield f"{other} not in {name}"
    for index, other in enumerate(others):
        if other in kinds.numbers:
            yield f"{other} > 0"
            yield f"{other} == 0"
        for second in others[index + 1 :]:
            yield f"{other} == {second}"
            yield f"{other} != {second}"
