"""Calls that nobody recorded."""

from random import Random

from autodev.repair.search.case import Case, Expected
from autodev.repair.search.inputs import probes

CASES = [Case(([3, 1], "ab", (1.5,), {"k": None}), {"flag": True}, Expected(1)), Case((3,))]


def test_they_are_new_and_have_no_expectation() -> None:
    made = probes(CASES, Random(1))
    assert len(made) == 30
    assert len({repr(probe.case) for probe in made}) == 30
    assert all(probe.case.expected is None for probe in made)


def test_arguments_keep_their_types() -> None:
    for probe in probes(CASES, Random(2)):
        of = CASES[probe.parent]
        assert [type(value) for value in probe.case.args] == [type(value) for value in of.args]


def test_recorded_arguments_stay_as_they_are() -> None:
    before = repr(CASES)
    probes(CASES, Random(3))
    assert repr(CASES) == before


def test_the_same_seed_gives_the_same_calls() -> None:
    assert probes(CASES, Random(4)) == probes(CASES, Random(4))


def test_a_call_without_arguments_has_no_neighbours() -> None:
    assert probes([Case()], Random(5)) == []
