"""A number outside of what a function of `math` is defined for."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.diagnosis.check import below_check
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.suspect import Suspect
from autodev.repair.source.calls import callee_name, first_argument
from autodev.repair.source.changes import Stage
from autodev.repair.source.rendering import rendered

_COMPLAINTS = ("math domain error", "positive input", "nonnegative")
_LOGARITHMS = frozenset({"log", "log2", "log10"})
_ROOTS = frozenset({"sqrt", "isqrt"})


def diagnose(fault: Fault) -> Iterator[Suspect]:
    """The arguments of the statement's roots and logarithms."""
    if not any(complaint in fault.message for complaint in _COMPLAINTS):
        return
    for node in fault.site.nodes:
        if isinstance(node, cst.Call) and callee_name(node) in _LOGARITHMS | _ROOTS:
            operand = first_argument(node)
            text = None if operand is None else rendered(fault.function, operand)
            if operand is not None and text is not None:
                check = below_check(text, "0", inclusive=callee_name(node) in _LOGARITHMS)
                yield Suspect("domain", node, operand, (check,), Stage.RESULT)
