"""Leaving odd elements out comes with a guard, where what follows needs an element and none may be left."""

from __future__ import annotations

from textwrap import dedent

import pytest

from autodev.repair import Edit, propose
from tests.unit.repair import broken_tools
from tests.unit.repair.recording import Broken, Call, failures, fixes_all, proposals

# As many edits as one generation of a search may take.
GENERATION = 8

LEFT_EMPTY = [
    (
        broken_tools.MEAN_OF_A_LIST,
        """
        def mean_arrival_delay(departures):
            delays = [int(flight["arr_delay"]) for flight in departures if flight["arr_delay"] != "NA"]
            if not delays:
                return None
            return sum(delays) / len(delays)
        """,
    ),
    (
        broken_tools.MEAN_OF_A_LIST_LEFT_EMPTY,
        """
        def mean_arrival_delay(departures):
            delays = [int(flight["arr_delay"]) for flight in departures if flight["arr_delay"] != "NA"]
            if not delays:
                return None
            return sum(delays) / len(delays)
        """,
    ),
    (
        broken_tools.MEAN_COUNTED_IN_A_LOOP,
        """
        def mean_air_time(flights):
            total = count = 0
            for flight in flights:
                if flight["air_time"] == "NA":
                    continue
                minutes = float(flight["air_time"])
                total += minutes
                count += 1
            if count == 0:
                return None
            return round(total / count, 1)
        """,
    ),
    (
        broken_tools.SPREAD,
        """
        def spread(rows):
            temperatures = sorted(float(row["temp"]) for row in rows if row["temp"] != "")
            if not temperatures:
                return None
            return temperatures[-1] - temperatures[0]
        """,
    ),
    (
        broken_tools.HIGHEST_OF_THE_LISTED,
        """
        def highest(prices):
            listed = [float(price) for price in prices if price != "N/A"]
            if not listed:
                return None
            return max(listed)
        """,
    ),
    (
        broken_tools.MEDIAN_APPENDED,
        """
        def median_gain(flights):
            gains = []
            for flight in flights:
                if flight["carrier"] == "UA":
                    if flight["arr_delay"] == "NA":
                        continue
                    gains.append(int(flight["dep_delay"]) - int(flight["arr_delay"]))
            if not gains:
                return None
            return statistics.median(gains)
        """,
    ),
    (
        broken_tools.HIGHEST_OF_ROWS,
        """
        def highest(rows):
            rows = [row for row in rows if row["price"] != ""]
            if not rows:
                return None
            return max(float(row["price"]) for row in rows)
        """,
    ),
    (
        broken_tools.MEAN_OF_SOME_LEFT_EMPTY,
        """
        def mean_delay(flights):
            delays = [float(flight["delay"]) for flight in flights if flight["delay"] != "NA"]
            if not delays:
                return None
            return statistics.mean(delays)
        """,
    ),
]


@pytest.mark.parametrize(("broken", "expected"), LEFT_EMPTY, ids=lambda value: getattr(value, "name", ""))
def test_a_call_of_odd_elements_only_is_answered_within_one_generation(broken: Broken, expected: str) -> None:
    first = next(edit for edit in proposals(broken, GENERATION) if fixes_all(broken, edit.code))

    assert first.code == dedent(expected).lstrip("\n")


def edits_of(source: str) -> tuple[Edit, ...]:
    rows = [{"delay": "1"}, {"delay": "NA"}]
    broken = Broken("f", source, (Call((rows,), None),), ())
    return propose(broken.target, failures(broken))


def test_rows_that_a_loop_goes_through_are_not_guarded_inside_of_it() -> None:
    source = """
    def f(rows):
        for row in rows:
            share = int(row["delay"]) / len(rows)
        return share
    """

    assert not any(edit.operator.endswith("+ guard") for edit in edits_of(source))


def test_the_guarded_filter_comes_right_after_the_plain_one() -> None:
    operators = [edit.operator for edit in proposals(broken_tools.MEAN_OF_A_LIST)]

    assert operators[:2] == ["leave out", "leave out + guard"]


def test_its_description_says_both() -> None:
    assert proposals(broken_tools.MEAN_OF_A_LIST)[1].description == (
        'Leave out elements when flight["arr_delay"] is "NA". Return None when delays is empty.'
    )


def test_a_name_that_takes_over_the_elements_is_guarded_as_well() -> None:
    source = """
    def f(rows):
        delays = [int(row["delay"]) for row in rows]
        count = len(delays)
        return sum(delays) / count
    """

    assert any("!= " in edit.code and "if count == 0:" in edit.code for edit in edits_of(source)[:GENERATION])


@pytest.mark.parametrize(
    "rest",
    [
        "return delays",
        "return sum(delays) / 60",
        "return sum(delays) / len(delays) if delays else None",
        "if delays:\n            return max(delays)",
        "return max(delays, default=None)",
    ],
)
def test_where_nothing_needs_an_element_no_guard_is_added(rest: str) -> None:
    source = f"""
    def f(rows):
        delays = [int(row["delay"]) for row in rows]
        {rest}
    """

    assert not any(edit.operator.endswith("+ guard") for edit in edits_of(source))
