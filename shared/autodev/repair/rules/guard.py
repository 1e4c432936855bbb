"""Leave before the failing statement when an operand of it is odd."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from autodev.repair.diagnosis.check import Check
from autodev.repair.diagnosis.suspect import Suspect
from autodev.repair.rules.outcomes import Outcome, outcomes
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.changes import Guard
from autodev.repair.source.expressions import is_repeatable, stands_before
from autodev.repair.source.site import Site

_UNCERTAIN = 0.1
_REPEATED_CALL = 0.15


def guard(case: Case) -> Iterator[Fix]:
    """A guard for one suspect alone, and one for all suspects of a kind in the statement."""
    site = case.fault.site
    suspects = [suspect for suspect in case.suspects if stands_before(site, suspect.operand)]
    for suspect in suspects:
        for check in suspect.checks:
            yield from _guards("guard", site, [suspect], [check])
    for _, members in groupby(sorted(suspects, key=lambda suspect: suspect.kind), lambda suspect: suspect.kind):
        together = list(members)
        yield from _together(site, [suspect for suspect in together if suspect.certain])
        yield from _together(site, together)


def _together(site: Site, suspects: Sequence[Suspect]) -> Iterator[Fix]:
    if len(suspects) > 1:
        for checks in zip(*(suspect.checks for suspect in suspects), strict=False):
            yield from _guards("guard together", site, suspects, checks)


def _guards(operator: str, site: Site, suspects: Sequence[Suspect], checks: Sequence[Check]) -> Iterator[Fix]:
    risk = max(check.risk for check in checks)
    if not all(suspect.certain for suspect in suspects):
        risk += _UNCERTAIN / len(suspects)
    if not all(is_repeatable(suspect.operand) for suspect in suspects):
        risk += _REPEATED_CALL
    conditions = tuple(dict.fromkeys(check.odd for check in checks))
    for outcome in outcomes(site):
        yield Fix(
            operator=operator,
            description=described(outcome, checks),
            changes=(Guard(site, conditions, outcome.statement, max(suspect.stage for suspect in suspects)),),
            risk=risk + outcome.risk,
        )


def described(outcome: Outcome, checks: Sequence[Check]) -> str:
    phrases = dict.fromkeys(check.phrase for check in checks)
    return f"{outcome.phrase} when {' or '.join(phrases)}."
