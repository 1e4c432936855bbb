"""The first right edit reads as if the author had written it."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.unit.repair import broken_tools
from tests.unit.repair.recording import Broken, Call, fixes_all, proposals

EXPECTED = [
    (
        broken_tools.SPEED,
        """
        def speed(flight):
            \"\"\"Average speed in miles per hour.\"\"\"
            if flight["air_time"] in ("", "NA"):
                return None
            return float(flight["distance"]) / (float(flight["air_time"]) / 60)
        """,
    ),
    (
        broken_tools.MADE_UP,
        """
        def made_up(flight):
            \"\"\"Share of the departure delay that was made up in the air.\"\"\"
            if flight["dep_delay"] == "NA" or flight["arr_delay"] == "NA":
                return None
            dep_delay = float(flight["dep_delay"])
            arr_delay = float(flight["arr_delay"])
            if dep_delay == 0:
                return None
            return (dep_delay - arr_delay) / dep_delay
        """,
    ),
    (
        broken_tools.ARRIVAL_HOUR,
        """
        def arrival_hour(flight):
            arr_time = flight["arr_time"]
            if arr_time == "NA":
                return None
            return time(hour=int(arr_time) // 100 % 24, minute=int(arr_time) % 100)
        """,
    ),
    (
        broken_tools.PLANE_AGE,
        """
        def plane_age(flight, plane):
            if plane is None or plane["year"] == "NA":
                return None
            return int(flight["year"]) - int(plane["year"])
        """,
    ),
    (
        broken_tools.PLANE_MAKER,
        """
        def maker(flight):
            plane = find_plane(flight["tailnum"])
            if plane is None:
                return None
            return plane["manufacturer"].title()
        """,
    ),
    (
        broken_tools.WEATHER,
        """
        def temperature(flight, by_hour):
            if flight["hour"] not in by_hour:
                return None
            # Celsius
            return (by_hour[flight["hour"]]["temp"] - 32) * 5 / 9
        """,
    ),
    (
        broken_tools.MEAN_BY_STATISTICS,
        """
        def mean_delay(flights):
            \"\"\"Mean arrival delay, in minutes.\"\"\"
            return statistics.mean(
                float(flight["arr_delay"])
                for flight in flights
                if flight["carrier"] == "UA" and flight["arr_delay"] != ""
            )
        """,
    ),
    (
        broken_tools.FIRST,
        """
        def first(items):
            if not items:
                return None
            return items[0]
        """,
    ),
    (
        broken_tools.TAGGED,
        """
        def year_of(title):
            match = re.search(r"\\((\\d{4})\\)", title)
            if match is None:
                return None
            return int(match.group(1))
        """,
    ),
    (
        broken_tools.WORDS,
        """
        def count_words(words):
            counts = {}
            for word in words:
                counts[word] = counts.get(word, 0) + 1
            return counts
        """,
    ),
    (
        broken_tools.SEVERAL_COLUMNS,
        """
        def score(row):
            if "NA" in (row["reading"], row["writing"], row["maths"]):
                return None
            reading = float(row["reading"])
            writing = float(row["writing"])
            maths = float(row["maths"])
            return (reading + writing + maths) / 3
        """,
    ),
    (
        broken_tools.TOTAL_DISTANCE,
        """
        def total_distance(distances):
            return sum(float(distance) for distance in distances if distance != "NA")
        """,
    ),
]


@pytest.mark.parametrize(("broken", "expected"), EXPECTED, ids=lambda value: getattr(value, "name", ""))
def test_the_first_right_edit_reads_as_the_author_would_have_written_it(broken: Broken, expected: str) -> None:
    first = next(edit for edit in proposals(broken) if fixes_all(broken, edit.code))

    assert first.code == dedent(expected).lstrip("\n")


def test_the_description_says_in_a_sentence_what_changes() -> None:
    first = proposals(broken_tools.WEATHER)[0]

    assert first.description == 'Return None when flight["hour"] is not in by_hour.'


def test_single_quotes_stay_single_quotes() -> None:
    row = Broken("f", "def f(row):\n    return float(row['a'])\n", (Call(({"a": "NA"},), None),), ())

    assert "row['a'] == 'NA'" in proposals(row)[0].code


def test_tabs_stay_tabs() -> None:
    row = Broken("f", "def f(x):\n\treturn 1 / x\n", (Call((0,), None),), ())

    assert proposals(row)[0].code == "def f(x):\n\tif x == 0:\n\t\treturn None\n\treturn 1 / x\n"
