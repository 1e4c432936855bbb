"""Conditions that tell an odd value from a sound one, written the way a person would."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

MISSING_TEXTS = frozenset({"", "NA", "N/A", "n/a", "na", "nan", "NaN", "null", "NULL", "None", "-", "?"})
_SPECIAL_CASE = 0.3
_MAX_LISTED = 4
_MAX_LITERAL = 40
_MAX_SPELLED_OUT = 2


@dataclass(frozen=True, slots=True)
class Check:
    """`odd` is a condition true of the odd value, `sound` its opposite; `phrase` says it in English.

    Where the condition has the form `operand test`, both parts are kept, so that one test can be asked of
    several operands at once.
    """

    odd: str
    sound: str
    phrase: str
    risk: float
    operand: str = ""
    test: str = ""


def missing_checks(operand: str, values: Collection[object], *, single_quotes: bool = False) -> tuple[Check, ...]:
    """Checks for the given odd values, the exact ones first, then the usual family they belong to."""
    seen = _ordered(values)
    checks: list[Check] = []
    if len(seen) <= _MAX_LISTED:
        missing = all(value is None or value in MISSING_TEXTS for value in seen)
        checks += _one_of(operand, seen, 0.04 if missing else _SPECIAL_CASE, single_quotes=single_quotes)
    if any(value is None or value in MISSING_TEXTS for value in seen):
        texts = {"", "NA"} if any(isinstance(value, str) for value in seen) else {""}
        known = seen
        for family, risk in ((_ordered({*seen, *texts}), 0.1), (_ordered({*seen, *texts, None}), 0.16)):
            if family != known and len(family) <= _MAX_LISTED:
                checks += _one_of(operand, family, risk, single_quotes=single_quotes)
            known = family
    if seen and all(value is None or value == "" for value in seen):
        checks.append(falsy_check(operand, 0.12))
    return tuple(checks)


def none_checks(operand: str) -> tuple[Check, ...]:
    exact = _compared(operand, "is", "is not", "None", f"{operand} is None", 0.02)
    return exact, falsy_check(operand, 0.12)


def falsy_check(operand: str, risk: float = 0.03) -> Check:
    return Check(f"not {operand}", operand, f"{operand} is empty", risk)


def zero_checks(operand: str) -> tuple[Check, ...]:
    exact = _compared(operand, "==", "!=", "0", f"{operand} is zero", 0.03)
    return exact, Check(f"not {operand}", operand, f"{operand} is zero or missing", 0.12)


def equal_check(operand: str, other: str) -> Check:
    return _compared(operand, "==", "!=", other, f"{operand} equals {other}", 0.03)


def absent_check(key: str, container: str) -> Check:
    return _compared(key, "not in", "in", container, f"{key} is not in {container}", 0.02)


def short_check(container: str, needed: int) -> Check:
    """For a sequence that has fewer than `needed` elements."""
    if needed == 1:
        return falsy_check(container)
    phrase = f"{container} has fewer than {needed} elements"
    return _compared(f"len({container})", "<", ">=", str(needed), phrase, 0.04)


def beyond_check(index: str, container: str) -> Check:
    phrase = f"{container} has no element {index}"
    return _compared(index, ">=", "<", f"len({container})", phrase, 0.05)


def below_check(operand: str, bound: str, *, inclusive: bool) -> Check:
    if inclusive:
        return _compared(operand, "<=", ">", bound, f"{operand} is not above {bound}", 0.06)
    return _compared(operand, "<", ">=", bound, f"{operand} is below {bound}", 0.06)


def outside_check(operand: str, lowest: str, highest: str) -> Check:
    within = f"{lowest} <= {operand} <= {highest}"
    return Check(f"not {within}", within, f"{operand} is outside {lowest}..{highest}", 0.12)


def any_odd(checks: Sequence[Check]) -> str:
    """One condition true when any of the checks is: joined by `or`, or one test asked of all operands."""
    distinct = list({check.odd: check for check in checks}.values())
    tests = {check.test for check in distinct}
    if len(distinct) <= _MAX_SPELLED_OUT or len(tests) > 1 or "" in tests:
        return " or ".join(check.odd for check in distinct)
    test, operands = tests.pop(), ", ".join(check.operand for check in distinct)
    comparison, _, bound = test.partition(" ")
    if comparison in ("==", "is"):
        return f"{bound} in ({operands})"
    return f"any(value {test} for value in ({operands}))"


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


def _compared(operand: str, odd: str, sound: str, bound: str, phrase: str, risk: float) -> Check:
    test = f"{odd} {bound}"
    return Check(f"{operand} {test}", f"{operand} {sound} {bound}", phrase, risk, operand, test)


def _one_of(operand: str, values: Sequence[object], risk: float, *, single_quotes: bool) -> list[Check]:
    texts = [literal(value, single_quotes=single_quotes) for value in values]
    shown = [text for text in texts if text is not None]
    if len(shown) != len(texts) or not shown:
        return []
    phrase = f"{operand} is {' or '.join(shown)}"
    if len(shown) > 1:
        return [_compared(operand, "in", "not in", f"({', '.join(shown)})", phrase, risk)]
    odd, sound = ("is", "is not") if values[0] is None else ("==", "!=")
    return [_compared(operand, odd, sound, shown[0], phrase, risk)]


def _ordered(values: Collection[object]) -> list[object]:
    """None, then the empty text, then the rest by its source: the same order every time."""
    return sorted(values, key=lambda value: (value is not None, value != "", repr(value)))
