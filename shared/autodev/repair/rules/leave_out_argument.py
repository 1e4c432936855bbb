"""Leave odd elements out of a collection that is given to a function as a whole: `max(xs)`, `map(float, xs)`."""

import re
from collections.abc import Iterator

import libcst as cst

from autodev.repair.diagnosis.check import none_checks
from autodev.repair.diagnosis.conversion import element_checks, refusal
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.calls import callee_name, first_argument
from autodev.repair.source.changes import Replacement
from autodev.repair.source.comprehensions import Comprehension
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.rendering import rendered

_RISK = 0.04
_COMPARED = re.compile(r"not supported between instances of|unsupported operand|expected str instance, NoneType")
_CONSUMERS = frozenset({"max", "min", "sum", "fsum", "sorted", "mean", "fmean", "median", "stdev", "join"})


def leave_out_argument(case: Case) -> Iterator[Fix]:
    """A generator with a condition in place of the collection, or of `map`."""
    function = case.fault.function
    if "NoneType" in case.fault.message and _COMPARED.search(case.fault.message):
        for node in case.fault.site.nodes:
            if isinstance(node, cst.Call) and callee_name(node) in _CONSUMERS:
                yield from _without_none(function, node)
    converters, odd = refusal(case.fault)
    for node in case.fault.site.nodes:
        match node:
            case cst.Call(
                func=cst.Name(value="map"),
                args=[cst.Arg(value=cst.Name(value=converter)), cst.Arg(value=collection)],
            ) if converter in converters and odd:
                element, elements = _element_name(function, collection), rendered(function, collection)
                for check in element_checks(case.fault, element, odd):
                    text = f"{converter}({element}) for {element} in {elements} if {check.sound}"
                    changes = _replaced(function, node, text)
                    yield Fix("leave out", f"Leave out elements when {check.phrase}.", changes, check.risk)


def _without_none(function: FunctionSource, call: cst.Call) -> Iterator[Fix]:
    collection = first_argument(call)
    if collection is None or isinstance(collection, Comprehension | cst.BaseNumber | cst.BaseString):
        return
    element, elements = _element_name(function, collection), rendered(function, collection)
    check = none_checks(element)[0]
    text = f"{element} for {element} in {elements} if {check.sound}"
    yield Fix("leave out", f"Leave out elements when {check.phrase}.", _replaced(function, collection, text), _RISK)


def _replaced(function: FunctionSource, node: cst.BaseExpression, generator: str) -> tuple[Replacement, ...]:
    parent = function.parent(node)
    alone = isinstance(parent, cst.Arg) and parent.keyword is None and _is_only_argument(function, parent)
    text = generator if alone or node.lpar else f"({generator})"
    return (Replacement(function.span(node), text),)


def _is_only_argument(function: FunctionSource, argument: cst.Arg) -> bool:
    call = function.parent(argument)
    return isinstance(call, cst.Call) and len(call.args) == 1


def _element_name(function: FunctionSource, collection: cst.BaseExpression) -> str:
    """`weight` of `weights`; `value` where the collection has no plural name or the singular is taken."""
    taken = {node.value for node in function.nodes if isinstance(node, cst.Name)}
    if isinstance(collection, cst.Name) and re.fullmatch(r"[a-z_]{2,}[^s]s", collection.value):
        singular = collection.value.removesuffix("s")
        if singular not in taken:
            return singular
    return "value"
