"""Who passes lists and tuples in one place expects the same of both."""

from __future__ import annotations

import pytest

from autodev.repair.search.case import Case
from autodev.repair.search.outcome import Kind, Outcome
from autodev.repair.search.twins import agree, twins


def test_a_place_that_takes_lists_and_tuples_gives_pairs_of_calls_and_an_empty_one() -> None:
    pairs = twins([Case((1, [2, 3])), Case((4, (5,)))])
    assert [(pair.as_list.args, pair.as_tuple.args) for pair in pairs] == [
        ((1, []), (1, ())),
        ((1, [2, 3]), (1, (2, 3))),
        ((4, []), (4, ())),
        ((4, [5]), (4, (5,))),
    ]


def test_a_place_that_takes_one_kind_alone_gives_none() -> None:
    assert twins([Case(([1],), {"end": (1,)}), Case(([2],), {"end": (2,)})]) == []


def test_arguments_by_name_have_twins_too() -> None:
    pairs = twins([Case((), {"seq": [1]}), Case((), {"seq": (1,)})])
    assert pairs[-1].as_tuple.kwargs == {"seq": (1,)}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (Outcome(Kind.RETURNED, [1]), Outcome(Kind.RETURNED, (1,)), True),
        (Outcome(Kind.RETURNED, 0), Outcome(Kind.RETURNED, None), False),
        (Outcome(Kind.RETURNED, 0), Outcome(Kind.RAISED, error="TypeError"), False),
        (Outcome(Kind.RAISED, error="TypeError"), Outcome(Kind.RAISED, error="ValueError"), True),
    ],
)
def test_answers_agree_but_for_the_kind_of_sequence(one: Outcome, other: Outcome, *, alike: bool) -> None:
    assert agree(one, other) is alike
