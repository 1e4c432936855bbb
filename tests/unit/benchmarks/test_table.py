"""What a reader sees of results."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks.measurement import Measurement, Unit
from benchmarks.results import Result, Results
from benchmarks.table import BEGIN, END, embedded, markdown

SLOW = Measurement(name="p95", value=6.789, unit=Unit.SECONDS, at_most=5.0)
FAST = Measurement(name="events", value=12_345.6, unit=Unit.PER_SECOND, at_least=10_000)


def results(*measurements: Measurement) -> Results:
    machine = {"processor": "A CPU", "cores": "2", "python": "3.11.7"}
    result = Result(measured_on=date(2026, 11, 23), short=False, machine=machine, measurements=measurements)
    return Results(results={"loop": result})


def test_a_number_stands_beside_what_is_promised_and_what_it_was() -> None:
    table = markdown(results(FAST), before=results(FAST.model_copy(update={"value": 4_000})))
    assert "| events | ≥ 10,000 /s | 4,000 /s | 12,346 /s |" in table.splitlines()


def test_a_broken_promise_is_marked() -> None:
    assert "| p95 | ≤ 5.00 s |  | 6.79 s ✗ |" in markdown(results(SLOW), Results()).splitlines()


def test_each_section_says_how_to_measure_again_and_on_what_it_was_measured() -> None:
    table = markdown(results(FAST), Results())
    assert "`make bench ARGS='loop'`, 2026-11-23:" in table
    assert "2 cores of A CPU, python 3.11.7." in table


def test_a_page_keeps_all_but_what_is_between_its_markers() -> None:
    page = f"# Numbers\n{BEGIN}\nold\n{END}\nafter\n"
    assert embedded(page, "new\n") == f"# Numbers\n{BEGIN}\n\nnew\n\n{END}\nafter\n"


def test_a_page_written_twice_is_the_same() -> None:
    once = embedded(f"{BEGIN}{END}", "table\n")
    assert embedded(once, "table\n") == once


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="put them where the table belongs"):
        embedded("# Numbers\n", "table")
