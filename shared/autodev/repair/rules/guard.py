"""Leave before the failing statement when an operand of it is odd."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import libcst as cst

from autodev.repair.diagnosis.check import Check, any_odd
from autodev.repair.diagnosis.suspect import Suspect
from autodev.repair.rules.outcomes import Outcome, outcomes
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.calls import is_divided_by_count, is_repeatable
from autodev.repair.source.changes import Guard
from autodev.repair.source.comprehensions import stands_before
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.site import Site

_NOT_ALONE = 0.1
_REPEATED_CALL = 0.15
_MISCOUNT = 0.15


def guard(case: Case) -> Iterator[Fix]:
    """A guard for one suspect alone, and one for all suspects of a kind in the statement."""
    site = case.fault.site
    movable = [suspect for suspect in case.suspects if suspect.checks and stands_before(site, suspect.operand)]
    suspects = list({(suspect.kind, suspect.checks): suspect for suspect in reversed(movable)}.values())[::-1]
    singled_out = [suspect for suspect in suspects if suspect.certain]
    for suspect in singled_out or suspects:
        for check in suspect.checks:
            for fix in guards("guard", site, [suspect], [check]):
                yield replace(fix, risk=fix.risk + (_NOT_ALONE if len(singled_out) > 1 else 0.0))
    for members in by_kind(site.function, suspects):
        yield from _together(site, [suspect for suspect in members if suspect.certain])
        yield from _together(site, members)


def by_kind(function: FunctionSource, suspects: Sequence[Suspect]) -> Iterator[list[Suspect]]:
    """Groups of suspects that can be checked together, each in source order."""
    ordered = sorted(suspects, key=lambda suspect: (suspect.kind, function.span(suspect.operand).start))
    for _, members in groupby(ordered, lambda suspect: suspect.kind):
        yield list(members)


def guards(operator: str, site: Site, suspects: Sequence[Suspect], checks: Sequence[Check]) -> Iterator[Fix]:
    """One guard an outcome, for when any of the suspects is odd by its check."""
    risk = max(check.risk for check in checks) + max(suspect.doubt for suspect in suspects) / len(suspects)
    if not all(is_repeatable(site.function, suspect.operand) for suspect in suspects):
        risk += _REPEATED_CALL
    stage = max(suspect.stage for suspect in suspects)
    for outcome in outcomes(site):
        yield Fix(
            operator=operator,
            description=described(outcome.phrase, checks),
            changes=(Guard(site, (any_odd(checks),), outcome.statement, stage),),
            risk=risk + outcome.risk + (_MISCOUNT if _miscounts(site, outcome) else 0.0),
            shortens=outcome.shortens,
        )


def described(deed: str, checks: Sequence[Check]) -> str:
    """`deed when this or that is odd.`"""
    return f"{deed} when {' or '.join(dict.fromkeys(check.phrase for check in checks))}."


def _together(site: Site, suspects: Sequence[Suspect]) -> Iterator[Fix]:
    if len(suspects) > 1:
        for checks in zip(*(suspect.checks for suspect in suspects), strict=False):
            yield from guards("guard together", site, suspects, checks)


def _miscounts(site: Site, outcome: Outcome) -> bool:
    """Skipping a round is wrong where the function also counts what it loops over, as a mean does."""
    loop = site.loop
    return (
        outcome.statement == "continue" and isinstance(loop, cst.For) and is_divided_by_count(site.function, loop.iter)
    )
