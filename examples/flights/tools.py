"""The agent's tools: small functions over rows as `csv.DictReader` gives them, every value a text.

Each has a property check (`ensures=`) that says, in other terms than the tool itself, what a right answer is.
Standard library only: a call must be repeatable in a sandbox that has nothing else.
"""

# Written without a strict type checker, as many tools are: it would have found two of the faults.
# mypy: disable-error-code="index, union-attr"

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import time
from math import atan2, cos, degrees, hypot, isclose, radians, remainder, sin

import autodev

Row = Mapping[str, str]


def covers_the_distance(mph: object, flight: Row) -> bool:
    if flight["air_time"] == "NA":
        return mph is None
    return isinstance(mph, float) and isclose(mph * int(flight["air_time"]), 60 * int(flight["distance"]))


@autodev.skill(ensures=covers_the_distance)
def speed(flight: Row) -> float | None:
    """Average miles per hour in the air; None if that is not known."""
    hours = float(flight["air_time"]) / 60
    return float(flight["distance"]) / hours


def leads_to_the_arrival(share: object, flight: Row) -> bool:
    if "NA" in (flight["dep_delay"], flight["arr_delay"]) or int(flight["dep_delay"]) == 0:
        return share is None
    late, later = int(flight["dep_delay"]), int(flight["arr_delay"])
    return isinstance(share, float) and isclose(late - share * late, later, abs_tol=1e-6)


@autodev.skill(ensures=leads_to_the_arrival)
def made_up(flight: Row) -> float | None:
    """Share of the departure delay that was made up on the way; None if there was none or it is not known."""
    delay = int(flight["dep_delay"])
    return (delay - int(flight["arr_delay"])) / delay


def shows_the_clock(arrival: object, flight: Row) -> bool:
    if flight["arr_time"] == "NA":
        return arrival is None
    clock = flight["arr_time"].zfill(4)
    minutes = int(clock[:2]) * 60 + int(clock[2:])
    return isinstance(arrival, time) and arrival.hour * 60 + arrival.minute == minutes % (24 * 60)


@autodev.skill(ensures=shows_the_clock)
def arrival_time(flight: Row) -> time | None:
    """Local time of arrival, from a number such as 517 or 2359; None if the flight did not arrive."""
    hour, minute = divmod(int(flight["arr_time"]), 100)
    return time(hour, minute)


def balances_the_delays(mean: object, departures: Sequence[Row]) -> bool:
    delays = [int(flight["arr_delay"]) for flight in departures if flight["arr_delay"].lstrip("-").isdigit()]
    if not delays:
        return mean is None
    return isinstance(mean, float) and isclose(sum(delay - mean for delay in delays), 0, abs_tol=1e-6)


@autodev.skill(ensures=balances_the_delays)
def mean_arrival_delay(departures: Sequence[Row]) -> float | None:
    """Of a carrier's flights to one airport in one day, in minutes; None if none of them arrived."""
    delays = [int(flight["arr_delay"]) for flight in departures]
    return sum(delays) / len(delays)


def points_and_blows_as_measured(vector: object, flight: Row, weather: Mapping[str, Row]) -> bool:
    measured = weather.get(flight["hour"])
    if measured is None or "NA" in (measured["wind_dir"], measured["wind_speed"]):
        return vector is None
    if not isinstance(vector, tuple) or not isclose(hypot(*vector), float(measured["wind_speed"]), abs_tol=1e-9):
        return False
    from_bearing = degrees(atan2(*vector)) + 180
    return vector == (0, 0) or isclose(remainder(from_bearing - int(measured["wind_dir"]), 360), 0, abs_tol=1e-6)


@autodev.skill(ensures=points_and_blows_as_measured)
def wind_vector(flight: Row, weather: Mapping[str, Row]) -> tuple[float, float] | None:
    """Eastward and northward miles per hour at departure, from the weather by hour; None if it was not measured."""
    measured = weather[flight["hour"]]
    towards = radians(float(measured["wind_dir"]) + 180)
    speed = float(measured["wind_speed"])
    return speed * sin(towards), speed * cos(towards)


def reaches_the_year_of_the_flight(age: object, flight: Row, plane: Row | None) -> bool:
    if plane is None or plane["year"] == "NA":
        return age is None
    return isinstance(age, int) and int(plane["year"]) + age == int(flight["year"])


@autodev.skill(ensures=reaches_the_year_of_the_flight)
def plane_age(flight: Row, plane: Row | None) -> int | None:
    """Years since the plane was built; None if the register does not know."""
    return int(flight["year"]) - int(plane["year"])


def completes_the_registration(letters: object, flight: Row) -> bool:
    tail = flight["tailnum"]
    digits = tail[1:].rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if not (tail.startswith("N") and digits.isdigit()):
        return letters is None
    return isinstance(letters, str) and "N" + digits + letters == tail


@autodev.skill(ensures=completes_the_registration)
def fleet_letters(flight: Row) -> str | None:
    """What follows the digits of an American registration, which carriers use to mark their fleet; None if foreign."""
    registration = re.fullmatch(r"N(\d+)([A-Z]*)", flight["tailnum"])
    return registration.group(2)


def separates_the_departures(minutes: object, flight: Row, earlier: Sequence[Row]) -> bool:
    if not earlier or "NA" in (flight["dep_time"], earlier[-1]["dep_time"]):
        return minutes is None
    before, after = earlier[-1]["dep_time"].zfill(4), flight["dep_time"].zfill(4)
    hours = int(after[:2]) - int(before[:2])
    return isinstance(minutes, int) and minutes - hours * 60 == int(after[2:]) - int(before[2:])


@autodev.skill(ensures=separates_the_departures)
def headway(flight: Row, earlier: Sequence[Row]) -> int | None:
    """Minutes since the carrier's previous flight to the same airport left that day; None if there is no such."""
    previous = earlier[-1]
    return minute_of_day(flight["dep_time"]) - minute_of_day(previous["dep_time"])


def minute_of_day(clock: str) -> int:
    """Of a time such as 517 or 2359."""
    hours, minutes = divmod(int(clock), 100)
    return hours * 60 + minutes
