"""Two thousand real flights, as the agent meets them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from examples.flights.dataset import data_directory
from examples.flights.situation import Flights, Situation
from examples.flights.worklist import worklist


@pytest.fixture(scope="session")
def flights() -> Flights:
    return Flights(data_directory())


@pytest.fixture(scope="session")
def situations(flights: Flights) -> Sequence[Situation]:
    return [flights.situation(number) for number in worklist(len(flights))[:2_000]]
