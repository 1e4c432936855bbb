"""What breaks further on when a collection or a count turns out empty, before any failure has shown it."""

from dataclasses import replace

import libcst as cst

from autodev.repair.diagnosis import division, emptiness, index
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.suspect import Suspect
from autodev.repair.model import Failure
from autodev.repair.source.calls import callee_name, first_argument
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.gathering import with_same_emptiness
from autodev.repair.source.names import names_read
from autodev.repair.source.site import Site

_FORESEEN = (
    (division.diagnose, Failure("ZeroDivisionError", "division by zero")),
    (index.diagnose, Failure("IndexError", "list index out of range")),
    (emptiness.diagnose, Failure("StatisticsError", "mean requires at least one data point")),
)


def shortage(fault: Fault, names: frozenset[str]) -> tuple[Site, tuple[Suspect, ...]] | None:
    """The first statement, from the fault's on, that divides by, indexes or averages one of the names.

    None where there is none, or where the function already tests the name.
    """
    function = fault.function
    untested = with_same_emptiness(function, names) - _tested(function)
    if not untested:
        return None
    for site in fault.statements[fault.statements.index(fault.site) :]:
        if site.scope is fault.site.scope and (suspects := _suspects(fault, site, untested - _looped_over(site))):
            return site, suspects
    return None


def _suspects(fault: Fault, site: Site, names: frozenset[str]) -> tuple[Suspect, ...]:
    found = [
        suspect
        for diagnose, failure in _FORESEEN
        for suspect in diagnose(Fault(fault.function, site, fault.statements, (failure,), direct=True))
        if suspect.checks and _emptied(suspect) in names
    ]
    return tuple({suspect.checks: replace(suspect, certain=True) for suspect in found}.values())


def _emptied(suspect: Suspect) -> str | None:
    """`xs` of `max(xs)`, `y / len(xs)` and `xs[-1]`, `count` of `y / count`."""
    operand: cst.BaseExpression | None = suspect.operand
    match operand:
        case cst.Call() if callee_name(operand) == "len":
            operand = first_argument(operand)
        case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=cst.Integer() | cst.UnaryOperation()))]):
            operand = operand.value if suspect.kind == "index" else None
    return operand.value if isinstance(operand, cst.Name) else None


def _looped_over(site: Site) -> frozenset[str]:
    """Names of what the statement's loops go through: with nothing in it, the statement does not run."""
    loops = (outer for outer in site.function.ancestors(site.block) if isinstance(outer, cst.For))
    return frozenset(loop.iter.value for loop in loops if isinstance(loop.iter, cst.Name))


def _tested(function: FunctionSource) -> frozenset[str]:
    tests = (node.test for node in function.nodes if isinstance(node, cst.If | cst.IfExp | cst.While))
    return frozenset(name for test in tests for name in names_read(function, test))
