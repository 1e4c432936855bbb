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
    """The exact exception, around the one simple statement that raised it."""
    site = case.fault.site
    block, function, caught = site.block, site.function, case.fault.error_name
    if not isinstance(block, cst.SimpleStatementLine) or not _is_builtin_exception(caught):
        return
    span = function.span(block)
    indentation = function.slice(function.encoded.rfind(b"\n", 0, span.start) + 1, span.start)
    inner = indentation + function.indent_unit
    for outcome in outcomes(site):
        yield Fix(
            operator="tolerate",
            description=f"{outcome.phrase} when the statement raises {caught}.",
            changes=(
                Replacement(Span(span.start, span.start), f"try:\n{inner}"),
                Replacement(Span(span.end, span.end), f"\n{indentation}except {caught}:\n{inner}{outcome.statement}"),
            ),
            risk=_RISK + outcome.risk,
        )


def _is_builtin_exception(name: str) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, Exception)
