"""Calls that differ in the kind of a sequence alone: who passes lists and tuples expects the same answer for both."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from autodev import values
from autodev.repair.search.case import Case
from autodev.repair.search.outcome import Outcome

_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Twins:
    """Two calls without expectations."""

    as_list: Case
    as_tuple: Case


def twins(cases: Sequence[Case]) -> list[Twins]:
    """Of each recorded call, and of one with an empty sequence, where lists and tuples were passed in one place."""
    kinds: defaultdict[int | str, set[type]] = defaultdict(set)
    for case in cases:
        for place, value in _places(case):
            kinds[place].add(type(value))
    mixed = [place for place, seen in kinds.items() if {list, tuple} <= seen]
    found: dict[str, Twins] = {}
    for case in cases:
        for place in mixed:
            given = dict(_places(case)).get(place)
            for value in ((), given) if isinstance(given, list | tuple) else ():
                pair = Twins(_with(case, place, list(value)), _with(case, place, tuple(value)))
                found.setdefault(repr((pair.as_list.args, pair.as_list.kwargs)), pair)
    return list(found.values())[:_MOST]


def agree(one: Outcome, other: Outcome) -> bool:
    """Whether the answers are the same, but for the kind of sequence that is answered."""
    if not one.returned or not other.returned:
        return one.kind == other.kind
    return _mark(one) == _mark(other)


def _mark(outcome: Outcome) -> str:
    value = list(outcome.value) if isinstance(outcome.value, tuple) else outcome.value
    return json.dumps(values.encode(value), sort_keys=True)


def _places(case: Case) -> list[tuple[int | str, Any]]:
    return [*enumerate(case.args), *case.kwargs.items()]


def _with(case: Case, place: int | str, value: object) -> Case:
    if isinstance(place, int):
        return replace(case, args=(*case.args[:place], value, *case.args[place + 1 :]), expected=None)
    kwargs: Mapping[str, object] = {**case.kwargs, place: value}
    return replace(case, kwargs=kwargs, expected=None)
