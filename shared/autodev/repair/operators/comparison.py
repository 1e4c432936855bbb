"""Another comparison operator between the same operands."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import respelled
from autodev.repair.operators.subject import Subject

# The confusion that is most common first: strict and not strict, then the direction.
_ALTERNATIVES: dict[type[cst.CSTNode], tuple[str, ...]] = {
    cst.LessThan: ("<=", ">", ">=", "!=", "=="),
    cst.LessThanEqual: ("<", ">=", ">", "==", "!="),
    cst.GreaterThan: (">=", "<", "<=", "!=", "=="),
    cst.GreaterThanEqual: (">", "<=", "<", "==", "!="),
    cst.Equal: ("!=", "<=", ">=", "<", ">", "in", "not in"),
    cst.NotEqual: ("==", "<", ">", "<=", ">=", "not in", "in"),
    cst.In: ("not in", "=="),
    cst.NotIn: ("in", "!="),
    cst.Is: ("==", "is not", "!=", "in"),
    cst.IsNot: ("!=", "is", "==", "not in"),
}
_KINDS: dict[type[cst.CSTNode], str] = {
    cst.In: "membership", cst.NotIn: "membership", cst.Is: "identity", cst.IsNot: "identity",
}  # fmt: skip


def comparison(subject: Subject) -> Iterator[Mutation]:
    for node in subject.nodes:
        if isinstance(node, cst.ComparisonTarget):
            own = type(node.operator)
            span = subject.function.span(node.operator)
            for text in _ALTERNATIVES.get(own, ()):
                kind = _KINDS.get(own) or ("membership" if "in" in text else "comparison")
                yield respelled(kind, subject.function, span, text)
