"""Bring text into the form that its conversion takes: `12.0` for an int, `1,200`, ` 12%`."""

from collections.abc import Callable, Iterator, Sequence

import libcst as cst

from autodev.repair.diagnosis.conversion import conversions, stated_refusal
from autodev.repair.diagnosis.refusals import refused
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.changes import Replacement
from autodev.repair.source.function import FunctionSource, Span

_RISK = 0.05
_ROUNDED = 0.1


def convert(case: Case) -> Iterator[Fix]:
    """Only what makes every odd value that was seen convertible."""
    function = case.fault.function
    refusal = stated_refusal(case.fault)
    if refusal is None or refusal.converter not in ("float", "int"):
        return
    texts = [value for value in refusal.values if value is not None]
    if not texts or len(texts) != len(refusal.values):
        return
    suspected = {suspect.failing for suspect in case.certain_suspects}
    for call, operand in conversions(case.fault.site, refusal.converter):
        if call in suspected:
            yield from _rewritten(function, refusal.converter, call, operand, texts)


def _rewritten(
    function: FunctionSource, converter: str, call: cst.Call, operand: cst.BaseExpression, texts: Sequence[str]
) -> Iterator[Fix]:
    if converter == "int" and len(call.args) == 1 and _all_taken("float", texts, str):
        yield Fix("convert", "Read numbers written with decimals.", _wrapped(function, operand, "float"), _ROUNDED)
    if _all_taken(converter, texts, lambda text: text.replace(",", "")):
        yield _called(function, operand, '.replace(",", "")', "Read numbers with thousands separators.")
    extra = "".join(sorted({letter for text in texts for letter in text if not letter.isdigit()} - set("+-.,")))
    if extra.strip() and _all_taken(converter, texts, lambda text: text.strip(extra)):
        argument = repr(extra) if function.prefers_single_quotes or '"' in extra else f'"{extra}"'
        if argument.isprintable() and "\\" not in argument:
            yield _called(function, operand, f".strip({argument})", "Read numbers with a unit around them.")


def _all_taken(converter: str, texts: Sequence[str], change: Callable[[str], str]) -> bool:
    return not any(refused(converter, change(text)) for text in texts)


def _wrapped(function: FunctionSource, operand: cst.BaseExpression, callee: str) -> tuple[Replacement, ...]:
    span = function.whole_span(operand)
    return (
        Replacement(Span(span.start, span.start), f"{callee}("),
        Replacement(Span(span.end, span.end), ")"),
    )


def _called(function: FunctionSource, operand: cst.BaseExpression, call: str, description: str) -> Fix:
    end = function.whole_span(operand).end
    if isinstance(operand, cst.Name | cst.Attribute | cst.Subscript | cst.Call) or operand.lpar:
        return Fix("convert", description, (Replacement(Span(end, end), call),), _RISK)
    start = function.whole_span(operand).start
    opening, closing = Replacement(Span(start, start), "("), Replacement(Span(end, end), f"){call}")
    return Fix("convert", description, (opening, closing), _RISK)
