"""What a guard can do with an odd value: leave the function, or go on with the next round of the loop."""

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from autodev.repair.source.function import walk
from autodev.repair.source.site import Site

_BY_ANNOTATION = {"str": '""', "list": "[]", "dict": "{}", "bool": "False", "int": "0", "float": "0.0"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A statement for the guard's body, in words, and the risk it adds."""

    statement: str
    phrase: str
    risk: float


def outcomes(site: Site) -> tuple[Outcome, ...]:
    """Likely first, no statement twice."""
    found = sorted(_outcomes(site), key=lambda outcome: outcome.risk)
    return tuple(
        {outcome.statement: outcome for outcome in reversed(found)}[statement]
        for statement in dict.fromkeys(outcome.statement for outcome in found)
    )


def _outcomes(site: Site) -> Iterator[Outcome]:
    if site.loop is not None:
        yield Outcome("continue", "Skip the round", 0.0)
    returned = list(_returned(site.scope))
    if not any(value is not None for value in returned):
        yield Outcome("return", "Return", 0.1 if site.loop else 0.0)
        return
    yield Outcome("return None", "Return None", 0.1 if site.loop else 0.0)
    for value in returned:
        # What the author already returns for the special case is likely right for this one, too.
        if value is not None and _is_sentinel(value) and (text := site.function.text(value)) != "None":
            yield Outcome(f"return {text}", f"Return {text}", 0.06)
    annotated = _annotated_default(site.scope)
    if annotated is not None:
        yield Outcome(f"return {annotated}", f"Return {annotated}", 0.2)


def _returned(scope: cst.FunctionDef) -> Iterator[cst.BaseExpression | None]:
    if any(isinstance(node, cst.Yield) for node in _own(scope)):
        return
    for node in _own(scope):
        if isinstance(node, cst.Return):
            yield node.value


def _own(scope: cst.FunctionDef) -> Iterator[cst.CSTNode]:
    """The function's nodes without those of functions nested in it."""
    pending: list[cst.CSTNode] = [scope.body]
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, cst.FunctionDef | cst.Lambda | cst.ClassDef):
            pending.extend(reversed(node.children))


def _is_sentinel(value: cst.BaseExpression) -> bool:
    match value:
        case cst.Integer() | cst.Float() | cst.SimpleString():
            return True
        case cst.Name(value=name):
            return name in ("True", "False", "None")
        case cst.List(elements=()) | cst.Tuple(elements=()) | cst.Dict(elements=()):
            return True
        case cst.UnaryOperation(operator=cst.Minus(), expression=number):
            return isinstance(number, cst.Integer | cst.Float)
    return False


def _annotated_default(scope: cst.FunctionDef) -> str | None:
    if scope.returns is None:
        return None
    names = [node.value for node in walk(scope.returns.annotation) if isinstance(node, cst.Name)]
    if not names or "None" in names or "Optional" in names:
        return None
    return _BY_ANNOTATION.get(names[0])
