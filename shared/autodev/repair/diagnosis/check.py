"""Conditions that tell an odd value from a sound one, written the way a person would."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

MISSING_TEXTS = ("", "NA", "N/A", "n/a", "na", "nan", "NaN", "null", "NULL", "None", "-", "?")
_MAX_LISTED = 4
_MAX_LITERAL = 40


@dataclass(frozen=True, slots=True)
class Check:
    """`odd` is a condition true of the odd value, `sound` its opposite; `phrase` says it in English."""

    odd: str
    sound: str
    phrase: str
    risk: float


def literal(value: object, *, single_quotes: bool = False) -> str | None:
    """Source of a short plain value in the wanted quotes, None when there is no readable one."""
    if value is None or type(value) in (bool, int):
        return repr(value)
    if type(value) is float:
        return repr(value) if math.isfinite(value) else None
    if type(value) is str and len(value) <= _MAX_LITERAL:
        text = repr(value)
        if not single_quotes and text.startswith("'") and '"' not in text:
            return f'"{text[1:-1]}"'
        return text
    return None


def missing_checks(operand: str, values: Collection[object], *, single_quotes: bool = False) -> tuple[Check, ...]:
    """Checks for the given odd values, the exact ones first, then the usual family they belong to."""
    seen = _ordered(values)
    checks: list[Check] = []
    if seen and len(seen) <= _MAX_LISTED:
        checks += _one_of(operand, seen, 0.04, single_quotes=single_quotes)
    if any(value is None or value in MISSING_TEXTS for value in seen):
        family = _ordered({*seen, "", "NA"} if any(isinstance(value, str) for value in seen) else {*seen, ""})
        if family != seen and len(family) <= _MAX_LISTED:
            checks += _one_of(operand, family, 0.1, single_quotes=single_quotes)
    if seen and all(value is None or value == "" for value in seen):
        checks.append(Check(f"not {operand}", operand, f"{operand} is empty", 0.14))
    return tuple(checks)


def none_check(operand: str) -> Check:
    return Check(f"{operand} is None", f"{operand} is not None", f"{operand} is None", 0.02)


def empty_check(operand: str) -> Check:
    return Check(f"not {operand}", operand, f"{operand} is empty", 0.03)


def compared(operand: str, operator: str, opposite: str, bound: str, phrase: str, risk: float) -> Check:
    """`operand operator bound`, with the opposite comparison for sound values."""
    return Check(f"{operand} {operator} {bound}", f"{operand} {opposite} {bound}", f"{operand} {phrase}", risk)


def _one_of(operand: str, values: Sequence[object], risk: float, *, single_quotes: bool) -> list[Check]:
    texts = [literal(value, single_quotes=single_quotes) for value in values]
    shown = [text for text in texts if text is not None]
    if len(shown) != len(texts) or not shown:
        return []
    phrase = f"{operand} is {' or '.join(shown)}"
    if len(shown) > 1:
        listed = f"({', '.join(shown)})"
        return [Check(f"{operand} in {listed}", f"{operand} not in {listed}", phrase, risk)]
    comparison = ("is", "is not") if values[0] is None else ("==", "!=")
    return [Check(f"{operand} {comparison[0]} {shown[0]}", f"{operand} {comparison[1]} {shown[0]}", phrase, risk)]


def _ordered(values: Collection[object]) -> list[object]:
    """None, then the empty text, then the rest by its source: the same order every time."""
    return sorted(values, key=lambda value: (value is not None, value != "", repr(value)))
