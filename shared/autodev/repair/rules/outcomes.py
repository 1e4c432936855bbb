"""What a guard can do with an odd value: leave the function, or go on with the next round of the loop."""

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from autodev.repair.source.calls import callee_name
from autodev.repair.source.gathering import gathered_from
from autodev.repair.source.site import Site

_SENTINEL = 0.06
_EMPTY = 0.15
_ZERO = 0.45
_ANNOTATED = {"str": '""', "list": "[]", "dict": "{}", "set": "set()", "bool": "False", "int": "0", "float": "0.0"}
_NUMERIC = frozenset({"int", "float", "len", "sum", "round", "abs", "max", "min"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """A statement for the guard's body, in words, the risk it adds, and what it may leave empty (see Fix.shortens)."""

    statement: str
    phrase: str
    risk: float
    shortens: frozenset[str] = frozenset()


def outcomes(site: Site) -> tuple[Outcome, ...]:
    """Likely first, no statement twice."""
    likely: dict[str, Outcome] = {}
    for outcome in sorted(_outcomes(site), key=lambda outcome: outcome.risk):
        likely.setdefault(outcome.statement, outcome)
    return tuple(likely.values())


def _outcomes(site: Site) -> Iterator[Outcome]:
    in_loop = 0.1 if site.loop is not None else 0.0
    if site.loop is not None:
        yield Outcome("continue", "Skip the round", 0.0, gathered_from(site))
    values = [value for value in site.returned if value is not None]
    if not values:
        yield Outcome("return", "Return", in_loop)
        return
    yield _returning("None", in_loop)
    for value in values:
        # What the author already returns for a special case is likely right for this one, too.
        if _is_sentinel(value):
            yield _returning(site.function.text(value), _SENTINEL + in_loop)
        empty = _empty_like(site, value)
        if empty is not None:
            yield _returning(empty, (_ZERO if empty == "0" else _EMPTY) + in_loop)
    annotated = _annotated_default(site)
    if annotated is not None:
        yield _returning(annotated, (_ZERO if annotated in ("0", "0.0") else _EMPTY) + in_loop)


def _returning(value: str, risk: float) -> Outcome:
    return Outcome(f"return {value}", f"Return {value}", risk)


def _is_sentinel(value: cst.BaseExpression) -> bool:
    match value:
        case cst.Integer() | cst.Float() | cst.SimpleString():
            return True
        case cst.Name(value=name):
            return name in ("True", "False")
        case cst.List(elements=()) | cst.Tuple(elements=()) | cst.Dict(elements=()):
            return True
        case cst.UnaryOperation(operator=cst.Minus(), expression=number):
            return isinstance(number, cst.Integer | cst.Float)
    return False


def _empty_like(site: Site, value: cst.BaseExpression) -> str | None:
    """The empty value of the kind that the expression makes."""
    match value:
        case cst.Name(value=name):
            assigned = site.function.assigned.get(name, ())
            first = assigned[0] if assigned else None
            return None if first is None or isinstance(first, cst.Name) else _empty_like(site, first)
        case cst.List() | cst.ListComp():
            return "[]"
        case cst.Dict() | cst.DictComp():
            return "{}"
        case cst.FormattedString() | cst.SimpleString():
            return '""'
        case cst.Comparison():
            return "False"
        case cst.BinaryOperation():
            return "0"
        case cst.Call() if callee_name(value) in _NUMERIC:
            return "0"
    return None


def _annotated_default(site: Site) -> str | None:
    if site.scope.returns is None:
        return None
    nodes = site.function.walk(site.scope.returns.annotation)
    names = [node.value for node in nodes if isinstance(node, cst.Name)]
    if not names or "None" in names or "Optional" in names:
        return None
    return _ANNOTATED.get(names[0])
