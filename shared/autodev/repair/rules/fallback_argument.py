"""Give a function that needs an element a default for when there is none."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.calls import callee_name
from autodev.repair.source.changes import Replacement
from autodev.repair.source.function import FunctionSource, Span

_RISKS = {"None": 0.08, "0": 0.3}


def fallback_argument(case: Case) -> Iterator[Fix]:
    """`max(xs, default=None)` and `next(xs, None)`."""
    function = case.fault.function
    for suspect in case.suspects:
        call = suspect.failing
        name = callee_name(call) if isinstance(call, cst.Call) else None
        if not isinstance(call, cst.Call) or name not in ("max", "min", "next"):
            continue
        for value, risk in _RISKS.items():
            argument = value if name == "next" else f"default={value}"
            if name == "next" and len(call.args) != 1:
                continue
            yield Fix(
                operator="fallback argument",
                description=f"Let {name} answer {value} when there is nothing to choose from.",
                changes=_with_argument(function, call, argument),
                risk=risk,
            )


def _with_argument(function: FunctionSource, call: cst.Call, argument: str) -> tuple[Replacement, ...]:
    last = call.args[-1].value
    span = function.whole_span(last)
    if isinstance(last, cst.GeneratorExp) and not last.lpar:
        # A bare generator can only be a sole argument: next to another it needs parentheses of its own.
        return (
            Replacement(Span(span.start, span.start), "("),
            Replacement(Span(span.end, span.end), f"), {argument}"),
        )
    return (Replacement(Span(span.end, span.end), f", {argument}"),)
