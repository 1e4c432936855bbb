"""What agents work through, and what is kept from them."""

from __future__ import annotations

from examples.flights.situation import Flights
from examples.flights.worklist import held_out, worklist


def test_agents_never_see_a_held_out_flight() -> None:
    assert set(worklist(1_000)).isdisjoint(held_out(1_000))


def test_every_flight_is_either_worked_on_or_held_out() -> None:
    assert sorted([*worklist(1_000), *held_out(1_000)]) == list(range(1_000))


def test_the_order_is_the_same_every_time_and_not_that_of_the_year() -> None:
    assert worklist(1_000) == worklist(1_000)
    assert list(worklist(1_000)) != sorted(worklist(1_000))


def test_a_situation_knows_what_left_earlier_on_the_same_route(flights: Flights) -> None:
    now = flights.situation(worklist(len(flights))[0])

    assert now.departures[len(now.earlier)]["flight"] == now.flight["flight"]
    assert now.earlier == now.departures[: len(now.earlier)]


def test_what_a_call_takes_along_is_bounded(flights: Flights) -> None:
    situations = [flights.situation(number) for number in worklist(len(flights))[:2_000]]
    largest = max(situations, key=lambda now: len(now.departures))

    assert len(largest.departures) <= 20
    assert all(row.keys() == {"flight", "dep_time", "arr_delay"} for row in largest.departures)
