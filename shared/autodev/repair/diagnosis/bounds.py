"""A number outside of the bounds that the error states, such as `hour must be in 0..23`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from autodev.repair.diagnosis.check import outside_check
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.suspect import Suspect
from autodev.repair.source.calls import callee_name
from autodev.repair.source.changes import Stage
from autodev.repair.source.rendering import rendered

KIND = "bounds"
_STATED = re.compile(r"(?P<name>\w+) must be (?:in|between) (?P<lowest>-?\d+)(?:\.\.| and )(?P<highest>-?\d+)")
_DATE = ("year", "month", "day")
_TIME = ("hour", "minute", "second", "microsecond")
# Positional parameters of the standard library's constructors that state bounds.
_POSITIONS = {"date": _DATE, "time": _TIME, "datetime": _DATE + _TIME}


@dataclass(frozen=True, slots=True)
class Bounds:
    """The parameter's name and the least and greatest value it takes."""

    name: str
    lowest: int
    highest: int


def stated_bounds(fault: Fault) -> Bounds | None:
    found = _STATED.search(fault.message)
    return Bounds(found["name"], int(found["lowest"]), int(found["highest"])) if found else None


def diagnose(fault: Fault) -> Iterator[Suspect]:
    """The arguments passed for the parameter that the error names."""
    bounds = stated_bounds(fault)
    if bounds is None:
        return
    for node in fault.site.nodes:
        if isinstance(node, cst.Call):
            for argument in _passed_as(node, bounds.name):
                text = rendered(fault.function, argument)
                if text is not None:
                    check = outside_check(text, str(bounds.lowest), str(bounds.highest))
                    yield Suspect(KIND, argument, argument, (check,), Stage.RESULT)


def _passed_as(call: cst.Call, name: str) -> Iterator[cst.BaseExpression]:
    positions = _POSITIONS.get(callee_name(call) or "", ())
    for position, argument in enumerate(call.args):
        if argument.star or isinstance(argument.value, cst.Integer):
            continue
        if argument.keyword is not None:
            matches = argument.keyword.value == name
        elif positions:
            matches = position < len(positions) and positions[position] == name
        else:
            matches = isinstance(argument.value, cst.Name) and argument.value.value == name
        if matches:
            yield argument.value
