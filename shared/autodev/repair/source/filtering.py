"""Conditions added to a clause of a comprehension."""

from collections.abc import Iterator, Sequence

import libcst as cst

from autodev.repair.source.changes import Filter, Replacement
from autodev.repair.source.function import FunctionSource, Span

_LOOSE = (cst.BooleanOperation, cst.IfExp, cst.Lambda, cst.NamedExpr)


def filtered(function: FunctionSource, clause: cst.CompFor, filters: Sequence[Filter]) -> Iterator[Replacement]:
    """All conditions on the clause joined by `and`, with the one it has, if any."""
    ordered = sorted(filters, key=lambda one: (one.stage, len(one.condition)))
    sound = " and ".join(dict.fromkeys(one.condition for one in ordered))
    if not clause.ifs:
        end = function.whole_span(clause.iter).end
        yield Replacement(Span(end, end), f"{_gap(function, clause)}if {sound}")
        return
    failing = next((one.failing for one in ordered if one.failing is not None), None)
    test = failing if failing is not None else clause.ifs[-1].test
    span = function.whole_span(test)
    loose = isinstance(test, _LOOSE) and not test.lpar and not _is_and(test)
    opening, closing = ("(", ")") if loose else ("", "")
    before, after = (f"{sound} and ", "") if failing is not None else ("", f" and {sound}")
    if before or opening:
        yield Replacement(Span(span.start, span.start), before + opening)
    if closing or after:
        yield Replacement(Span(span.end, span.end), closing + after)


def _is_and(test: cst.BaseExpression) -> bool:
    return isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And)


def _gap(function: FunctionSource, clause: cst.CompFor) -> str:
    """A space; where the clause has a line of its own, a new line at the same indentation."""
    start = function.span(clause).start
    line = function.encoded.rfind(b"\n", 0, start) + 1
    before = function.slice(line, start)
    return f"\n{before}" if before.strip() == "" and line > 0 else " "
