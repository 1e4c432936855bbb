"""Catch the exception around the failing statement: what is left when nothing more precise is known."""

import builtins
from collections.abc import Iterator

import libcst as cst

from autodev.repair.rules.outcomes import outcomes
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.changes import Replacement
from autodev.repair.source.function import Span

_RISK = 0.7


def tolerate(case: Case) -> Iterator[Fix]:
    """The exact exceptions, around the one simple statement that raised them."""
    site = case.fault.site
    block, function, names = site.block, site.function, case.fault.error_names
    if not isinstance(block, cst.SimpleStatementLine) or not all(map(_is_builtin_exception, names)):
        return
    caught = names[0] if len(names) == 1 else f"({', '.join(names)})"
    span = function.span(block)
    indentation = function.slice(function.encoded.rfind(b"\n", 0, span.start) + 1, span.start)
    inner = indentation + function.indent_unit
    for outcome in outcomes(site):
        yield Fix(
            operator="tolerate",
            description=f"{outcome.phrase} when the statement raises {' or '.join(names)}.",
            changes=(
                Replacement(Span(span.start, span.start), f"try:\n{inner}"),
                Replacement(Span(span.end, span.end), f"\n{indentation}except {caught}:\n{inner}{outcome.statement}"),
            ),
            risk=_RISK + outcome.risk,
        )


def _is_builtin_exception(name: str) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, Exception)
