"""`autodev repair --batch` on real isolation: every program has its result, whatever becomes of the others."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from autodev.cli.app import app
from tests.integration.repair.command import ADULT, ADULTS

pytestmark = pytest.mark.isolation
PATIENCE = 60.0


def program(name: str, **other: Any) -> dict[str, Any]:
    cases = [{"call": call, "expected": expected} for call, expected in ADULTS]
    told = {"id": name, "entrypoint": "adult", "source": ADULT, "cases": cases, "first_failure": "wrong_value"}
    return told | other


def batch(tmp_path: Path, programs: list[object], *more: str) -> Any:
    lines = [told if isinstance(told, str) else json.dumps(told) for told in programs]
    (tmp_path / "programs.jsonl").write_text("\n".join(lines) + "\n")
    return CliRunner().invoke(app, [*command(tmp_path), "-o", "json", *more])


def command(tmp_path: Path) -> list[str]:
    return ["repair", "--batch", str(tmp_path / "programs.jsonl"), "--out", str(tmp_path / "results.jsonl")]


def results(tmp_path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]


def test_what_cannot_be_run_is_told_and_the_others_are_repaired(tmp_path: Path) -> None:
    programs: list[object] = [
        "nonsense",
        "[1]",
        program("a"),
        "",
        program("b", source="def adult(:\n"),
        program("a"),
        program("c", cases=[{"call": "g()"}]),
        {"source": ADULT},
        program("d", entrypoint="x"),
    ]
    done = batch(tmp_path, programs)
    assert done.exit_code == 1, done.output
    why = {result["id"]: result.get("why", "") for result in results(tmp_path)}
    assert list(why) == ["line 1", "line 2", "a", "b", "line 6", "c", "line 8", "d"]
    assert why["a"] == ""
    assert "line 1: no JSON" in why["line 1"]
    assert "line 2: no object" in why["line 2"]
    assert "does not parse" in why["b"]
    assert "its id 'a' is that of line 3" in why["line 6"]
    assert "line 7: case 1: it calls 'g'" in why["c"]
    assert "line 8: `id` is missing" in why["line 8"]
    assert next(result for result in results(tmp_path) if result["id"] == "a")["right"]
    assert {name: json.loads(done.stdout)[-1][name] for name in ("programs", "not_run")} == {
        "programs": 8,
        "not_run": 7,
    }


def test_a_line_that_was_cut_off_is_made_again_and_the_others_are_kept(tmp_path: Path) -> None:
    assert batch(tmp_path, [program("a"), program("b")]).exit_code == 0
    first, second = (tmp_path / "results.jsonl").read_text().splitlines(keepends=True)
    for end in (1, 5, len(second) // 2, len(second) - 1):
        (tmp_path / "results.jsonl").write_text(first + second[:end])
        done = batch(tmp_path, [program("a"), program("b")])
        assert done.exit_code == 0, done.output
        assert (tmp_path / "results.jsonl").read_text().startswith(first)
        assert [result["id"] for result in results(tmp_path)] == ["a", "b"]
        assert "1/2" not in done.stderr
        assert "2/2 b" in done.stderr


def test_a_program_that_was_corrected_is_run_again_and_its_last_result_counts(tmp_path: Path) -> None:
    assert batch(tmp_path, [program("a", source="def adult(:\n")]).exit_code == 1
    done = batch(tmp_path, [program("a")])
    assert done.exit_code == 0, done.output
    assert [result["right"] for result in results(tmp_path)] == [False, True]
    assert json.loads(done.stdout)[-1]["programs"] == 1


def test_results_of_other_settings_are_refused_and_stay(tmp_path: Path) -> None:
    assert batch(tmp_path, [program("a")], "--seed", "1").exit_code == 0
    before = (tmp_path / "results.jsonl").read_text()
    done = batch(tmp_path, [program("a"), program("b")], "--seed", "2", "--search-share", "0.25")
    assert done.exit_code == 2
    assert "line 1 was made with other settings (search_share=0.5" in done.stderr
    assert "now search_share=0.25 budget_seconds=10.0 seed=2" in done.stderr
    assert (tmp_path / "results.jsonl").read_text() == before


@pytest.mark.parametrize("text", ["dear diary\n", "no newline", json.dumps(program("a")) + "\n", "{}\n"])
def test_a_file_of_something_else_is_never_touched(tmp_path: Path, text: str) -> None:
    (tmp_path / "results.jsonl").write_text(text)
    done = batch(tmp_path, [program("a")])
    assert done.exit_code == 2
    assert "no result of this command" in done.stderr
    assert (tmp_path / "results.jsonl").read_text() == text


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_a_stopped_batch_goes_on_where_it_was(tmp_path: Path, number: signal.Signals, code: int) -> None:
    hopeless = [{"call": "adult(1)", "expected": "'yes'"}, {"call": "adult(1)", "expected": "'no'"}]
    programs = [program("a"), program("b", cases=hopeless)]
    lines = "".join(json.dumps(told) + "\n" for told in programs)
    (tmp_path / "programs.jsonl").write_text(lines)
    autodev = [str(Path(sys.executable).parent / "autodev"), *command(tmp_path), "--budget-seconds", "5"]
    with subprocess.Popen(autodev, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "1/2 a" in process.stderr.readline()
        time.sleep(0.2)
        busy = CliRunner().invoke(app, command(tmp_path))
        assert busy.exit_code == 2
        assert "another run writes to it" in busy.stderr
        process.send_signal(number)
        _, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, stderr
    assert [result["id"] for result in results(tmp_path)] == ["a"]
    done = CliRunner().invoke(app, [*command(tmp_path), "--budget-seconds", "5"])
    assert done.exit_code == 0, done.output
    assert [result["id"] for result in results(tmp_path)] == ["a", "b"]
