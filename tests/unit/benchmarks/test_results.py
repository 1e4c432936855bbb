"""Results that are kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from benchmarks import machine
from benchmarks.measurement import Measurement, Unit
from benchmarks.results import Result, Results, load, save


def result(value: float) -> Result:
    number = Measurement(name="ratio", value=value, unit=Unit.RATIO, at_least=0.35)
    return Result(measured_on=date(2026, 11, 23), short=True, machine={"cores": "2"}, measurements=(number,))


def test_what_is_saved_is_loaded_again(tmp_path: Path) -> None:
    kept = Results(results={"ingest": result(0.4)})
    save(tmp_path / "results.json", kept)
    assert load(tmp_path / "results.json") == kept


def test_no_file_is_no_results(tmp_path: Path) -> None:
    assert load(tmp_path / "results.json") == Results()


def test_a_new_run_replaces_its_own_benchmark_alone() -> None:
    old = Results(results={"ingest": result(0.2), "loop": result(0.3)})
    assert old.updated(Results(results={"ingest": result(0.4)})).results == {"ingest": result(0.4), "loop": result(0.3)}


def test_a_limit_is_kept_at_its_very_value() -> None:
    assert result(0.35).broken == []
    assert [each.value for each in result(0.34).broken] == [0.34]


def test_a_machine_is_told_without_its_name() -> None:
    told = machine.facts()
    assert {"processor", "cores", "memory", "python", "aiokafka"} <= told.keys()
    assert not any("/" in value for name, value in told.items() if name != "processor")
