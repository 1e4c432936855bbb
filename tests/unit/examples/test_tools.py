"""The example's tools fail on real flights, and their checks know a right answer from an easy one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import time
from math import cos, radians, sin
from typing import Any

import pytest

from examples.flights.demo.teeth import refusals
from examples.flights.situation import Flights, Situation
from examples.flights.toolbox import TOOLS, Tool
from examples.flights.worklist import worklist

FAILURES = {
    "speed": {ValueError},
    "made_up": {ValueError, ZeroDivisionError},
    "arrival_time": {ValueError},
    "mean_arrival_delay": {ValueError},
    "wind_vector": {KeyError, ValueError},
    "plane_age": {TypeError, ValueError},
    "fleet_letters": {AttributeError},
    "headway": {IndexError, ValueError},
}


def right_speed(now: Situation) -> float | None:
    minutes = now.flight["air_time"]
    return None if minutes == "NA" else float(now.flight["distance"]) / (float(minutes) / 60)


def right_made_up(now: Situation) -> float | None:
    departure, arrival = now.flight["dep_delay"], now.flight["arr_delay"]
    if departure in ("NA", "0") or arrival == "NA":
        return None
    return (int(departure) - int(arrival)) / int(departure)


def right_arrival_time(now: Situation) -> time | None:
    clock = now.flight["arr_time"]
    return None if clock == "NA" else time(int(clock) // 100 % 24, int(clock) % 100)


def right_mean_arrival_delay(now: Situation) -> float | None:
    delays = [int(flight["arr_delay"]) for flight in now.departures if flight["arr_delay"] != "NA"]
    return sum(delays) / len(delays) if delays else None


def right_wind_vector(now: Situation) -> tuple[float, float] | None:
    measured = now.weather.get(now.flight["hour"])
    if measured is None or measured["wind_dir"] == "NA":
        return None
    towards, speed = radians(float(measured["wind_dir"]) + 180), float(measured["wind_speed"])
    return speed * sin(towards), speed * cos(towards)


def right_plane_age(now: Situation) -> int | None:
    if now.plane is None or now.plane["year"] == "NA":
        return None
    return int(now.flight["year"]) - int(now.plane["year"])


def right_fleet_letters(now: Situation) -> str | None:
    registration = re.fullmatch(r"N(\d+)([A-Z]*)", now.flight["tailnum"])
    return registration.group(2) if registration else None


def right_headway(now: Situation) -> int | None:
    if not now.earlier or "NA" in (now.flight["dep_time"], now.earlier[-1]["dep_time"]):
        return None
    after, before = int(now.flight["dep_time"]), int(now.earlier[-1]["dep_time"])
    return after // 100 * 60 + after % 100 - before // 100 * 60 - before % 100


RIGHT: dict[str, Callable[[Situation], Any]] = {
    "speed": right_speed,
    "made_up": right_made_up,
    "arrival_time": right_arrival_time,
    "mean_arrival_delay": right_mean_arrival_delay,
    "wind_vector": right_wind_vector,
    "plane_age": right_plane_age,
    "fleet_letters": right_fleet_letters,
    "headway": right_headway,
}

each_tool = pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)


@each_tool
def test_a_tool_really_fails_on_real_flights(tool: Tool, situations: Sequence[Situation]) -> None:
    assert set(exceptions(tool, situations)) == FAILURES[tool.name]


@each_tool
def test_a_tool_answers_most_real_flights(tool: Tool, situations: Sequence[Situation]) -> None:
    assert exceptions(tool, situations).total() < len(situations) / 2


@each_tool
def test_a_check_accepts_every_right_answer(tool: Tool, situations: Sequence[Situation]) -> None:
    assert all(tool.check(RIGHT[tool.name](now), *tool.arguments(now)) for now in situations)


@each_tool
def test_a_check_refuses_none_and_the_most_frequent_answer(tool: Tool, situations: Sequence[Situation]) -> None:
    assert refusals(tool, situations).has_teeth


@each_tool
@pytest.mark.parametrize("default", [0, 0.0, "", False, (), (0.0, 0.0), time(0)], ids=repr)
def test_a_check_refuses_a_default_wherever_the_answer_is_not_known(
    tool: Tool, default: object, situations: Sequence[Situation]
) -> None:
    unknown = [now for now in situations if RIGHT[tool.name](now) is None]

    assert unknown
    assert not any(tool.check(default, *tool.arguments(now)) for now in unknown)


def test_the_rare_time_of_2400_is_among_the_flights(flights: Flights) -> None:
    midnight = [
        now
        for number in worklist(len(flights))[:20_000]
        if (now := flights.situation(number)).flight["arr_time"] == "2400"
    ]

    assert midnight
    assert {type(raised(TOOLS[2], now)) for now in midnight} == {ValueError}
    assert all(right_arrival_time(now) == time(0) for now in midnight)


def exceptions(tool: Tool, situations: Sequence[Situation]) -> Counter[type[Exception]]:
    return Counter(type(error) for now in situations if (error := raised(tool, now)))


def raised(tool: Tool, now: Situation) -> Exception | None:
    try:
        tool.skill.original(*tool.arguments(now))
    except Exception as error:  # noqa: BLE001 - which one it is, is what the tests ask
        return error
    return None
