"""Reports of an agent whose tools raise nothing and are wrong all the same; it knows what they should have returned."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

from autodev.events.models.agent import SkillExecutionEvent, SkillRegistered
from autodev.events.models.base import EventData, utc_now
from autodev.events.models.call import Arguments, Call, Expectation, Returned, SkillRef
from autodev.ids import TenantId, sha256
from tests.e2e.failing_agent import AGENT

MODULE: Final = '''import autodev


@autodev.skill
def total(numbers, last):
    """The sum of the first numbers up to the one at `last`, which counts."""
    found = 0
    for index in range(last):
        found += numbers[index]
    return found


@autodev.skill
def longest(words, least):
    """The longest of the words that have at least so many letters, the first of equal ones; "" if there is none."""
    best = ""
    for word in words:
        if len(word) > least and len(word) >= len(best):
            best = word
    return best


def none_is_more(result, numbers):
    return result in numbers and all(number <= result for number in numbers)


@autodev.skill(ensures=none_is_more)
def most(numbers):
    best = numbers[0]
    for number in numbers[1:]:
        if number < best:
            best = number
    return best


@autodev.skill
def hopeless(words, least):
    best = ""
    for word in words:
        if len(word) > least and len(word) >= len(best):
            best = word
    return best
'''
KNOWN: Final = frozenset({"total", "longest", "hopeless"})
"""Of the others a property check says that they are wrong, and nobody what would be right."""


def right_total(numbers: list[int], last: int) -> int:
    return sum(numbers[: last + 1])


def right_longest(words: list[str], least: int) -> str:
    fitting = [word for word in words if len(word) >= least]
    return max(fitting, key=len, default="")


def right_hopeless(words: list[str], least: int) -> str:
    """Nothing that a few edits make of it."""
    return f"{least} of {sorted(words)}" if words else ""


RIGHT: Final[dict[str, Callable[..., Any]]] = {
    "total": right_total,
    "longest": right_longest,
    "most": max,
    "hopeless": right_hopeless,
}
CALLS: Final[dict[str, list[tuple[Any, ...]]]] = {
    # One edit: the bound of the range. Zeros at the bound are the calls that go well.
    "total": [
        ([1, 2, 3], 1),
        ([4, 0, 6], 2),
        ([9, 8, 7, 6], 2),
        ([5], 0),
        ([3, 1, 4, 1, 5], 4),
        ([2, 7], 1),
        ([1, 2, 0], 2),
        ([0, 5], 0),
        ([3, 4, 0, 1], 2),
        ([8, 0], 1),
    ],
    # Two edits, `>` for `>=` and the other way round; each alone gets more calls right.
    "longest": [
        (["ab", "c"], 2),
        (["abc", "de", "fgh"], 2),
        (["one", "two"], 3),
        (["red", "blue", "grey"], 4),
        (["x", "y"], 1),
        (["four", "five", "six"], 2),
        (["a", "bcd"], 1),
        (["abcde", "fg"], 3),
        (["", "longer", "long"], 2),
        (["kept", "it"], 3),
        (["ab", "abcd", "abc"], 1),
        (["east", "west"], 2),
    ],
    "hopeless": [(["ab"], 1), (["c", "d"], 2), ([], 1), (["efg"], 0), ([], 3), (["h", "ij"], 1), ([], 2)],
    "most": [([3, 1],), ([2, 9, 4],), ([5],), ([7, 7],), ([1, 2, 3],), ([6, 5, 8],), ([4, 4, 4],), ([0, 1],)],
}


def work(tenant: str, *skills: str) -> Iterator[EventData]:
    """The module, then every call of `skills` once, the wrong ones with what they should have returned."""
    functions = re.sub(r"@autodev.*|import autodev", "", MODULE)
    names: dict[str, Any] = {}
    exec(functions, names)
    yield SkillRegistered(
        tenant_id=TenantId(tenant), agent_id=AGENT, content_hash=sha256(MODULE), module="tools", source=MODULE
    )
    started = utc_now() - timedelta(seconds=2)
    for skill in skills:
        for number, arguments in enumerate(CALLS[skill]):
            returned, expected = names[skill](*arguments), RIGHT[skill](*arguments)
            yield SkillExecutionEvent(
                execution_id=f"{tenant}-{skill}-{number}",
                agent_id=AGENT,
                tenant_id=TenantId(tenant),
                skill_id=skill,
                skill_name=skill,
                success=returned == expected,
                occurred_at=started + number * timedelta(milliseconds=1),
                skill=SkillRef(name=skill, content_hash=sha256(MODULE), function_hash=sha256(skill)),
                call=Call(entrypoint=skill, arguments=Arguments(args=arguments), outcome=Returned(value=returned)),
                expected=Expectation(value=expected) if skill in KNOWN and returned != expected else None,
                violation="none_is_more" if skill not in KNOWN and returned != expected else None,
            )
