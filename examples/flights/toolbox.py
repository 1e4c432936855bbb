"""The tools with their checks, and what the agent hands to each of them for one flight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import autodev
from examples.flights import tools
from examples.flights.situation import Situation

Arguments = tuple[Any, ...]


@dataclass(frozen=True)
class Tool:
    skill: autodev.Skill[..., Any]
    check: Callable[..., bool]
    """Whether a result is right for some arguments: ``check(result, *arguments)``."""
    arguments: Callable[[Situation], Arguments]

    @property
    def name(self) -> str:
        return self.skill.__name__


TOOLS = (
    Tool(tools.speed, tools.covers_the_distance, lambda now: (now.flight,)),
    Tool(tools.made_up, tools.leads_to_the_arrival, lambda now: (now.flight,)),
    Tool(tools.arrival_time, tools.shows_the_clock, lambda now: (now.flight,)),
    Tool(tools.mean_arrival_delay, tools.balances_the_delays, lambda now: (now.departures,)),
    Tool(tools.wind_vector, tools.points_and_blows_as_measured, lambda now: (now.flight, now.weather)),
    Tool(tools.plane_age, tools.reaches_the_year_of_the_flight, lambda now: (now.flight, now.plane)),
    Tool(tools.fleet_letters, tools.completes_the_registration, lambda now: (now.flight,)),
    Tool(tools.headway, tools.separates_the_departures, lambda now: (now.flight, now.earlier)),
)
