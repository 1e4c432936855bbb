"""Calls that nobody recorded, near those that were: where candidates that are all right on the cases may differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final

from autodev import values
from autodev.repair.search.case import Case

COUNT: Final = 30
_ATTEMPTS: Final = 20
_NUMBERS: Final = (0, 1, -1, 2, 10, 100)
_TEXTS: Final = ("", "a", " ", "A1")


@dataclass(frozen=True, slots=True)
class Probe:
    """A call without an expectation; `parent` is the index of the case it was made from."""

    case: Case
    parent: int


def probes(cases: Sequence[Case], random: Random, count: int = COUNT) -> list[Probe]:
    """At most `count` calls, no two alike and none of them a case: one value each shorter, longer, in other order…"""
    known = {_mark(case) for case in cases}
    found: list[Probe] = []
    for attempt in range(count * _ATTEMPTS):
        if len(found) == count:
            break
        parent = attempt % len(cases)
        case = _varied(cases[parent], random)
        mark = _mark(case)
        if mark not in known:
            known.add(mark)
            found.append(Probe(case, parent))
    return found


def _mark(case: Case) -> str:
    return repr((case.args, sorted(case.kwargs.items())))


def _varied(case: Case, random: Random) -> Case:
    args, kwargs = list(case.args), dict(case.kwargs)
    places: list[int | str] = [*range(len(args)), *kwargs]
    if not places:
        return case
    for _ in range(random.choice((1, 1, 2))):
        place = random.choice(places)
        if isinstance(place, int):
            args[place] = _changed(args[place], random)
        else:
            kwargs[place] = _changed(kwargs[place], random)
    return replace(case, args=tuple(args), kwargs=kwargs, expected=None)


def _changed(value: Any, random: Random) -> Any:
    """Another value of the same type; the value itself where none is known."""
    match value:
        case bool():
            return not value
        case int():
            return random.choice((value + 1, value - 1, -value, value * 2, *_NUMBERS))
        case float():
            return random.choice((value + 1.0, -value, value / 2, 0.0, 1.0))
        case str():
            return _changed_text(value, random)
        case list() | tuple():
            return type(value)(_changed_items(list(value), random))
        case set() | frozenset():
            return type(value)(_changed_items(sorted(value, key=repr), random))
        case dict():
            return _changed_mapping(value, random)
    return values.decode(values.encode(value))


def _changed_text(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    characters = list(text)
    random.shuffle(characters)
    versions = [text[:at], text[at:], text[:at] + text[at + 1 :], text + text[:1], text[::-1], text * 2]
    return random.choice([*versions, "".join(characters), text.swapcase(), random.choice(_TEXTS)])


def _changed_items(items: list[Any], random: Random) -> list[Any]:
    if not items:
        return [random.choice(_NUMBERS)]
    at = random.randrange(len(items))
    match random.randrange(8):
        case 0:
            return items[:at] + items[at + 1 :]
        case 1:
            return [*items[: at + 1], *items[at:]]
        case 2:
            random.shuffle(items)
            return items
        case 3:
            return items[::-1]
        case 4:
            return items[: random.randrange(len(items))]
        case 5:
            return [*items, _changed(random.choice(items), random)]
        case 6:
            return [] if random.random() < 0.3 else items + items
    items[at] = _changed(items[at], random)
    return items


def _changed_mapping(mapping: dict[Any, Any], random: Random) -> dict[Any, Any]:
    if not mapping:
        return {}
    key = random.choice(list(mapping))
    changed = dict(mapping)
    if random.random() < 0.3:
        del changed[key]
    else:
        changed[key] = _changed(changed[key], random)
    return changed
