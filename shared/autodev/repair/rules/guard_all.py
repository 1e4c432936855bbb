"""One guard for every conversion of a kind in the function: the first that failed often hides the next."""

from collections.abc import Iterator

from autodev.repair.diagnosis.conversion import conversions, stated_refusal, value_checks
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.suspect import Suspect
from autodev.repair.rules.guard import guards
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.changes import Stage
from autodev.repair.source.names import names_read, parameters
from autodev.repair.source.site import Site

_UNSEEN = 0.02


def guard_all(case: Case) -> Iterator[Fix]:
    """Stands before the first of the conversions, and looks at those that depend on parameters alone."""
    fault = case.fault
    refusal = stated_refusal(fault)
    if refusal is None or not refusal.values or fault.site.scope is not fault.function.definition:
        return
    found = list(_on_parameters(fault, refusal.converter))
    first = found[0][0] if found else fault.site
    if first == fault.site and all(site == first for site, _ in found):
        return
    operands = {suspect.operand for _, suspect in found}
    if not operands.issuperset(suspect.operand for suspect in case.suspects if suspect.certain):
        return
    suspects = [suspect for _, suspect in found]
    checks_each = [value_checks(fault, suspect.operand, refusal.values) for suspect in suspects]
    for checks in zip(*checks_each, strict=False):
        for fix in guards("guard all", first, suspects, checks):
            yield Fix(fix.operator, fix.description, fix.changes, fix.risk + _UNSEEN)


def _on_parameters(fault: Fault, converter: str) -> Iterator[tuple[Site, Suspect]]:
    available = parameters(fault.site.scope)
    for site in fault.statements:
        if site.scope is fault.site.scope and site.loop is None:
            for call, operand in conversions(site, converter):
                if available.issuperset(names_read(fault.function, operand)):
                    yield site, Suspect("conversion", call, operand, (), Stage.VALUE)
