"""Leave odd elements out of a collection that is given to a function as a whole: `max(xs)`, `map(float, xs)`."""

import re
from collections.abc import Iterator

import libcst as cst

from autodev.repair.diagnosis.check import Check, none_checks
from autodev.repair.diagnosis.conversion import element_checks, stated_refusal
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.refusals import Refusal
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.calls import callee_name, first_argument
from autodev.repair.source.changes import Change, Filter, Replacement
from autodev.repair.source.comprehensions import clauses
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.gathering import gathered_by
from autodev.repair.source.rendering import rendered

_COMPARED = re.compile(r"not supported between instances of|unsupported operand|expected str instance, NoneType")
_CONSUMERS = frozenset({"max", "min", "sum", "fsum", "sorted", "mean", "fmean", "median", "stdev", "join"})


def leave_out_argument(case: Case) -> Iterator[Fix]:
    """A generator with a condition in place of the collection, or of `map`."""
    calls = [node for node in case.fault.site.nodes if isinstance(node, cst.Call)]
    if "NoneType" in case.fault.message and _COMPARED.search(case.fault.message):
        for call in calls:
            if callee_name(call) in _CONSUMERS:
                yield from _without_none(case.fault.function, call)
    refusal = stated_refusal(case.fault)
    if refusal is not None:
        for call in calls:
            yield from _without_refused(case.fault, call, refusal)


def _without_refused(fault: Fault, call: cst.Call, refusal: Refusal) -> Iterator[Fix]:
    match call:
        case cst.Call(
            func=cst.Name(value="map"), args=[cst.Arg(value=cst.Name(value=name)), cst.Arg(value=collection)]
        ) if name == refusal.converter:
            element, elements = _element_name(fault.function, collection), rendered(fault.function, collection)
            for check in element_checks(fault, element, refusal.values):
                text = f"{name}({element}) for {element} in {elements} if {check.sound}"
                yield _fix(fault.function, call, check, _replaced(fault.function, call, text))


def _without_none(function: FunctionSource, call: cst.Call) -> Iterator[Fix]:
    collection = first_argument(call)
    if isinstance(collection, cst.GeneratorExp | cst.ListComp):
        element = rendered(function, collection.elt)
        if element is not None:
            check = none_checks(element)[0]
            yield _fix(function, collection, check, (Filter(list(clauses(collection))[-1], check.sound),))
    elif collection is not None and not isinstance(collection, cst.BaseNumber | cst.BaseString):
        element, elements = _element_name(function, collection), rendered(function, collection)
        check = none_checks(element)[0]
        text = f"{element} for {element} in {elements} if {check.sound}"
        yield _fix(function, collection, check, _replaced(function, collection, text))


def _fix(function: FunctionSource, collection: cst.BaseExpression, check: Check, changes: tuple[Change, ...]) -> Fix:
    description = f"Leave out elements when {check.phrase}."
    return Fix("leave out", description, changes, check.risk, gathered_by(function, collection))


def _replaced(function: FunctionSource, node: cst.BaseExpression, generator: str) -> tuple[Replacement, ...]:
    match function.parent(node):
        case cst.Arg(keyword=None) as argument:
            call = function.parent(argument)
            if isinstance(call, cst.Call) and len(call.args) == 1:
                if isinstance(call.func, cst.Name) and call.func.value == "list":
                    return (Replacement(function.span(call), f"[{generator}]"),)
                return (Replacement(function.span(node), generator),)
    return (Replacement(function.span(node), generator if node.lpar else f"({generator})"),)


def _element_name(function: FunctionSource, collection: cst.BaseExpression) -> str:
    """`weight` of `weights`; `value` where the collection has no plural name or the singular is taken."""
    taken = {node.value for node in function.nodes if isinstance(node, cst.Name)}
    if isinstance(collection, cst.Name) and re.fullmatch(r"[a-z_]{2,}[^s]s", collection.value):
        singular = collection.value.removesuffix("s")
        if singular not in taken:
            return singular
    return "value"
