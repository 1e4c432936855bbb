"""A collection without elements where one is needed: `max`, `mean`, `choice`, `next` and their like."""

import re
from collections.abc import Iterator

import libcst as cst

from autodev.repair.diagnosis.check import short_check
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.suspect import Suspect
from autodev.repair.source.calls import callee_name, first_argument
from autodev.repair.source.changes import Stage
from autodev.repair.source.comprehensions import Comprehension
from autodev.repair.source.gathering import source_of_emptiness
from autodev.repair.source.rendering import rendered

_COMPLAINTS = (
    re.compile(r"(max|min)\(\) (?:iterable )?arg(?:ument)? is (?:an )?empty"),
    re.compile(r"at least (?:one|two) data points?|no (?:median|mode|unique mode) for"),
    re.compile(r"Cannot choose from an empty sequence"),
    re.compile(r"reduce\(\) of empty"),
)
_AVERAGES = frozenset(
    {"mean", "fmean", "median", "median_low", "median_high", "mode", "stdev", "pstdev", "variance"}
    | {"pvariance", "quantiles", "harmonic_mean", "geometric_mean"}
)
_NEEDY = frozenset({"max", "min", "choice", "reduce"}) | _AVERAGES


def diagnose(fault: Fault) -> Iterator[Suspect]:
    """The collections given to the statement's calls that need an element."""
    stops = fault.error_name == "StopIteration"
    if not stops and not any(pattern.search(fault.message) for pattern in _COMPLAINTS):
        return
    needy = frozenset({"next"}) if stops else _NEEDY
    named = re.match(r"(max|min)\(\)", fault.message)
    found = [
        (node, collection)
        for node in fault.site.nodes
        if isinstance(node, cst.Call)
        and callee_name(node) in ({named[1]} if named else needy)
        and (collection := _collection(node)) is not None
    ]
    needed = 2 if "at least two" in fault.message else 1
    for call, collection in found:
        source = source_of_emptiness(collection)
        text = None if isinstance(source, Comprehension) else rendered(fault.function, source)
        yield Suspect(
            kind="empty",
            failing=call,
            operand=source,
            checks=() if text is None else (short_check(text, needed),),
            stage=Stage.RESULT,
            certain=len(found) == 1,
        )


def _collection(call: cst.Call) -> cst.BaseExpression | None:
    if callee_name(call) == "reduce":
        return call.args[1].value if len(call.args) > 1 else None
    if any(argument.keyword and argument.keyword.value == "default" for argument in call.args):
        return None
    return first_argument(call)
