"""An answer that is too plain: a constant where the function's variables should speak."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import replaced, respelled
from autodev.repair.operators.precedence import Binding
from autodev.repair.operators.subject import Subject
from autodev.repair.source.function import Span


def checked_return(subject: Subject) -> Iterator[Mutation]:
    """`return True` → `return depth == 0`, `return not stack`: the answer depends on what is left."""
    for node in subject.returns:
        match node.value:
            case cst.Name(value="True" | "False") as value:
                for text, held in _checks(subject):
                    yield replaced("checked_return", subject.function, value, text, held)


def filled_literal(subject: Subject) -> Iterator[Mutation]:
    """`return []` → `return [n]`, `return [[]]`: an empty literal that should hold something."""
    function = subject.function
    for node in subject.expressions:
        match node:
            case cst.List(elements=[]):
                for name in (*subject.scope.visible(node), "0", "[]"):
                    yield replaced("filled_literal", function, node, f"[{name}]")


def compared_beyond(subject: Subject) -> Iterator[Mutation]:
    """`len(xs) == 0` → `len(xs) <= 1`: another comparison with the next number."""
    function = subject.function
    for node in subject.nodes:
        match node:
            case cst.ComparisonTarget(operator=operator, comparator=cst.Integer() as number):
                own = function.text(operator)
                span = Span(function.span(operator).start, function.whole_span(number).end)
                for text in ("<=", ">=", "==", "<", ">"):
                    for other in (number.evaluated_value + 1, number.evaluated_value - 1):
                        if text != own and other >= 0:
                            yield respelled("compared_beyond", function, span, f"{text} {other}")


def _checks(subject: Subject) -> Iterator[tuple[str, Binding]]:
    kinds = subject.kinds
    for name in (*reversed(subject.scope.variables), *subject.scope.parameters):
        if name in kinds.collections:
            yield f"not {name}", Binding.LOOSE
            yield f"bool({name})", Binding.ATOM
        elif name in kinds.numbers:
            for comparison in ("== 0", "> 0", "!= 0"):
                yield f"{name} {comparison}", Binding.COMPARISON
        else:
            yield name, Binding.ATOM
            yield f"not {name}", Binding.LOOSE
