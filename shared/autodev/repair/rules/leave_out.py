"""Leave odd elements out of a comprehension."""

from collections.abc import Iterator, Sequence

import libcst as cst

from autodev.repair.diagnosis.check import Check
from autodev.repair.diagnosis.suspect import Suspect
from autodev.repair.rules.guard import by_kind, described
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.calls import is_divided_by_count
from autodev.repair.source.changes import Filter
from autodev.repair.source.comprehensions import Comprehension, clauses, comprehension_of
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.gathering import gathered_by
from autodev.repair.source.names import names_read
from autodev.repair.source.site import Site

_MISCOUNT = 0.15


def leave_out(case: Case) -> Iterator[Fix]:
    """A condition on the elements, for one suspect alone or for all of a kind."""
    site = case.fault.site
    inside = [suspect for suspect in case.suspects if comprehension_of(site, suspect.operand) is not None]
    groups = [[suspect] for suspect in case.certain_suspects if suspect in inside]
    groups += [members for members in by_kind(site.function, inside) if len(members) > 1]
    for suspects in groups:
        for checks in zip(*(suspect.checks for suspect in suspects), strict=False):
            yield from _filtered(site, suspects, checks)


def _filtered(site: Site, suspects: Sequence[Suspect], checks: Sequence[Check]) -> Iterator[Fix]:
    comprehension = comprehension_of(site, suspects[0].operand)
    if comprehension is None or any(
        comprehension_of(site, suspect.operand) is not comprehension for suspect in suspects
    ):
        return
    function = site.function
    clause = _clause_for(function, comprehension, [suspect.operand for suspect in suspects])
    counted = is_divided_by_count(function, clause.iter)
    yield Fix(
        operator="leave out",
        description=described("Leave out elements", checks),
        changes=tuple(
            Filter(clause, check.sound, suspect.stage, _failing_condition(function, clause, suspect))
            for suspect, check in zip(suspects, checks, strict=True)
        ),
        risk=max(check.risk for check in checks)
        + max(suspect.doubt for suspect in suspects) / len(suspects)
        + (_MISCOUNT if counted else 0.0),
        shortens=gathered_by(function, comprehension),
    )


def _clause_for(
    function: FunctionSource, comprehension: Comprehension, operands: Sequence[cst.BaseExpression]
) -> cst.CompFor:
    """The first clause after which all that the operands read of the comprehension is bound."""
    loops = list(clauses(comprehension))
    bound_later = {name for clause in loops for name in names_read(function, clause.target)}
    wanted = {name for operand in operands for name in names_read(function, operand)} & bound_later
    for clause in loops:
        wanted -= set(names_read(function, clause.target))
        if not wanted:
            return clause
    return loops[-1]


def _failing_condition(function: FunctionSource, clause: cst.CompFor, suspect: Suspect) -> cst.BaseExpression | None:
    outer = (suspect.failing, *function.ancestors(suspect.failing))
    return next((condition.test for condition in clause.ifs if condition.test in outer), None)
