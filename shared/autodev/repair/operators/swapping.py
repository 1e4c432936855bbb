"""Arguments, operands and calls that change places."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import line_of, replaced, shown
from autodev.repair.operators.precedence import Binding, argument, binding
from autodev.repair.operators.subject import Subject
from autodev.repair.source.changes import Replacement


def swapped_arguments(subject: Subject) -> Iterator[Mutation]:
    function = subject.function
    for node in subject.expressions:
        match node:
            case cst.Call(args=arguments):
                plain = [given for given in arguments if given.keyword is None and not given.star]
                for index in range(len(plain) - 1):
                    first, second = plain[index].value, plain[index + 1].value
                    texts = [argument(function, given.value) for given in plain]
                    texts[index : index + 2] = argument(function, second), argument(function, first)
                    rest = [function.text(given) for given in arguments if given not in plain]
                    text = f"{function.text(node.func)}({', '.join((*texts, *rest))})"
                    yield replaced("swapped_arguments", function, node, text)


def swapped_operands(subject: Subject) -> Iterator[Mutation]:
    function = subject.function
    for node in subject.expressions:
        match node:
            case cst.BinaryOperation(left=left, right=right, operator=operator):
                kind = "swapped_operands"
            case cst.BooleanOperation(left=left, right=right, operator=operator):
                kind = "swapped_conditions"
            case cst.Comparison(left=left, comparisons=[cst.ComparisonTarget(operator=operator, comparator=right)]):
                kind = "swapped_operands"
            case _:
                continue
        tight = Binding.COMPARISON if kind == "swapped_conditions" else Binding.ATOM
        first, second = (
            f"({text})" if binding(part) < tight and binding(part) < Binding.TERM else text
            for part in (left, right)
            for text in (function.slice(function.whole_span(part).start, function.whole_span(part).end),)
        )
        text = f"{second} {function.text(operator)} {first}"
        yield replaced(kind, function, node, text, binding(node) if not node.lpar else Binding.LOOSE)


def swapped_calls(subject: Subject) -> Iterator[Mutation]:
    """`len(range(xs))` → `range(len(xs))`."""
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
