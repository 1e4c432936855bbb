"""Leave odd elements out of what is looped over."""

from collections.abc import Iterator, Sequence

import libcst as cst

from autodev.repair.diagnosis.check import Check
from autodev.repair.diagnosis.suspect import Suspect
from autodev.repair.rules.guard import by_kind, described
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.changes import Lines, Replacement, Stage
from autodev.repair.source.expressions import (
    Comprehension,
    clauses,
    comprehension_of,
    is_divided_by_count,
    names_read,
    parameters,
)
from autodev.repair.source.function import FunctionSource, Span
from autodev.repair.source.site import Site, sites

_UNCERTAIN = 0.1
_MISCOUNT = 0.15
_REBOUND = 0.1
_LOOSE = (cst.BooleanOperation, cst.IfExp, cst.Lambda, cst.NamedExpr)


def leave_out(case: Case) -> Iterator[Fix]:
    """A filter in the comprehension, or a filtered copy of the rows before the comprehension or loop."""
    site = case.fault.site
    inside = [suspect for suspect in case.suspects if comprehension_of(site, suspect.operand) is not None]
    singled_out = [suspect for suspect in inside if suspect.certain]
    groups = [[suspect] for suspect in singled_out or inside]
    groups += [members for members in by_kind(site.function, inside) if len(members) > 1]
    for suspects in groups:
        for checks in zip(*(suspect.checks for suspect in suspects), strict=False):
            yield from _filtered(site, suspects, checks)
    for suspect in [suspect for suspect in case.suspects if suspect.certain] or case.suspects:
        for check in suspect.checks:
            yield from _rebound(site, suspect, check)


def _filtered(site: Site, suspects: Sequence[Suspect], checks: Sequence[Check]) -> Iterator[Fix]:
    comprehension = comprehension_of(site, suspects[0].operand)
    if comprehension is None or any(
        comprehension_of(site, suspect.operand) is not comprehension for suspect in suspects
    ):
        return
    clause = _clause_for(comprehension, [suspect.operand for suspect in suspects])
    sound = " and ".join(dict.fromkeys(check.sound for check in checks))
    counted = is_divided_by_count(site.function, clause.iter)
    yield Fix(
        operator="leave out",
        description=described("Leave out elements", checks),
        changes=_with_condition(site.function, clause, [suspect.failing for suspect in suspects], sound),
        risk=_risk(suspects, checks) + (_MISCOUNT if counted else 0.0),
    )


def _rebound(site: Site, suspect: Suspect, check: Check) -> Iterator[Fix]:
    """`rows = [row for row in rows if …]` before the statement that goes through the rows."""
    for before, target, iterated in _loops(site, suspect):
        if not isinstance(target, cst.Name) or not isinstance(iterated, cst.Name):
            continue
        row, rows = target.value, iterated.value
        scope = site.function.definition
        if not set(names_read(suspect.operand)) <= {row} | parameters(scope):
            continue
        yield Fix(
            operator="leave out rows",
            description=described("Leave out rows", [check]),
            changes=(Lines(before, (f"{rows} = [{row} for {row} in {rows} if {check.sound}]",), Stage.VALUE),),
            risk=_risk([suspect], [check]) + (0.0 if is_divided_by_count(site.function, iterated) else _REBOUND),
        )


def _loops(site: Site, suspect: Suspect) -> Iterator[tuple[Site, cst.BaseExpression, cst.BaseExpression]]:
    comprehension = comprehension_of(site, suspect.operand)
    if comprehension is not None:
        loops = list(clauses(comprehension))
        if len(loops) == 1:
            yield site, loops[0].target, loops[0].iter
    elif isinstance(site.loop, cst.For):
        headers = (header for header in sites(site.function) if header.block is site.loop)
        yield next(headers), site.loop.target, site.loop.iter


def _clause_for(comprehension: Comprehension, operands: Sequence[cst.BaseExpression]) -> cst.CompFor:
    """The first clause after which all that the operands read of the comprehension is bound."""
    loops = list(clauses(comprehension))
    bound_later = {name for clause in loops for name in names_read(clause.target)}
    wanted = {name for operand in operands for name in names_read(operand)} & bound_later
    for clause in loops:
        wanted -= set(names_read(clause.target))
        if not wanted:
            return clause
    return loops[-1]


def _with_condition(
    function: FunctionSource, clause: cst.CompFor, failing: Sequence[cst.CSTNode], sound: str
) -> tuple[Replacement, ...]:
    if not clause.ifs:
        end = function.whole_span(clause.iter).end
        return (Replacement(Span(end, end), f"{_gap(function, clause)}if {sound}"),)
    tests = [condition.test for condition in clause.ifs]
    within = [test for test in tests if any(test is node or test in function.ancestors(node) for node in failing)]
    test = within[0] if within else tests[-1]
    span = function.whole_span(test)
    loose = isinstance(test, _LOOSE) and not test.lpar and not _is_and(test)
    opening, closing = ("(", ")") if loose else ("", "")
    if within:
        # The old condition is what failed, so the new one has to come first.
        return (
            Replacement(Span(span.start, span.start), f"{sound} and {opening}"),
            *([Replacement(Span(span.end, span.end), closing)] if closing else []),
        )
    return (
        *([Replacement(Span(span.start, span.start), opening)] if opening else []),
        Replacement(Span(span.end, span.end), f"{closing} and {sound}"),
    )


def _is_and(test: cst.BaseExpression) -> bool:
    return isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And)


def _gap(function: FunctionSource, clause: cst.CompFor) -> str:
    """A space; where the clause has a line of its own, a new line at the same indentation."""
    start = function.span(clause).start
    line = function.encoded.rfind(b"\n", 0, start) + 1
    before = function.slice(line, start)
    return f"\n{before}" if before.strip() == "" and line > 0 else " "


def _risk(suspects: Sequence[Suspect], checks: Sequence[Check]) -> float:
    certain = all(suspect.certain for suspect in suspects)
    return max(check.risk for check in checks) + (0.0 if certain else _UNCERTAIN / len(suspects))
