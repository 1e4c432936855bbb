"""Which flights the agent works through, and which it never sees."""

from __future__ import annotations

import random
from collections.abc import Sequence

from examples.flights.dataset import FlightNumber

SEED = 2013
HELD_OUT_EVERY = 5


def worklist(flights: int) -> Sequence[FlightNumber]:
    """The flights that agents work through: all but every fifth, mixed, in the same order every time."""
    return _mixed([FlightNumber(number) for number in range(flights) if number % HELD_OUT_EVERY])


def held_out(flights: int) -> Sequence[FlightNumber]:
    """Every fifth flight, mixed: kept from all agents, so that a fix can be judged on rows that no search has seen."""
    return _mixed([FlightNumber(number) for number in range(0, flights, HELD_OUT_EVERY)])


def _mixed(numbers: list[FlightNumber]) -> Sequence[FlightNumber]:
    random.Random(SEED).shuffle(numbers)
    return numbers
