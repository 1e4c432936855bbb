"""What a fix would reveal: once odd elements are left out, there may be none left for what follows."""

from collections.abc import Iterator

from autodev.repair.diagnosis.shortage import shortage
from autodev.repair.rules.guard import guards
from autodev.repair.rules.rule import Case, Fix


def with_guard_of_rest(case: Case, fix: Fix) -> Iterator[Fix]:
    """The fix together with a guard for when it leaves nothing, if a later statement needs an element.

    The failures do not show that need: they end before it. Without this, evidence in which all elements of one
    call are odd could only be answered by a fix that hides more than it should.
    """
    found = shortage(case.fault, fix.shortens) if fix.shortens else None
    if found is None:
        return
    site, suspects = found
    for guard in guards("guard", site, suspects, [suspect.checks[0] for suspect in suspects]):
        yield Fix(
            operator=f"{fix.operator} + {guard.operator}",
            description=f"{fix.description} {guard.description}",
            changes=(*fix.changes, *guard.changes),
            risk=fix.risk + guard.risk,
        )
