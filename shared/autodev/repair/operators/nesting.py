"""Calls in each other's place: `len(range(xs))` → `range(len(xs))`."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import line_of, shown
from autodev.repair.operators.subject import Subject
from autodev.repair.source.changes import Replacement


def swapped_calls(subject: Subject) -> Iterator[Mutation]:
    function = subject.function
    for node in subject.expressions:
        match node:
            case cst.Call(func=outer, args=[cst.Arg(value=cst.Call(func=cst.Name() as inner)), *_]):
                if isinstance(outer, cst.Name) and outer.value != inner.value:
                    replacements = (
                        Replacement(function.span(outer), inner.value),
                        Replacement(function.span(inner), outer.value),
                    )
                    description = f"The two calls of {shown(function.text(node))} change places."
                    line = line_of(function, function.span(node).start)
                    yield Mutation("swapped_calls", description, replacements, line)
