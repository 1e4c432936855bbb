"""The benchmark's own programs: classic functions with one broken line each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autodev.cli.app import app
from autodev.repair.batch import numbered, read_program
from autodev.repair.search.lines import json_lines
from autodev.repair.search.module import ModuleText

OWN = Path(__file__).parents[3] / "benchmarks" / "repair" / "programs.jsonl"
EVERY = 4
"""Of which one is run here: a few seconds each. `make bench-repair` runs all."""


def test_each_has_an_id_of_its_own_and_some_cases() -> None:
    for name, line in numbered(json_lines(OWN.read_text())):
        program = read_program(line.given)
        assert program.program_id == name
        assert 8 <= len(program.cases) <= 12
        assert all(case.expected is not None for case in program.cases)
        ModuleText.of(program.source, program.entrypoint)


@pytest.mark.isolation
def test_most_are_repaired_within_seconds(tmp_path: Path) -> None:
    lines = OWN.read_text().splitlines(keepends=True)[::EVERY]
    (tmp_path / "programs.jsonl").write_text("".join(lines))
    out = tmp_path / "results.jsonl"
    arguments = ["repair", "--batch", str(tmp_path / "programs.jsonl"), "--out", str(out), "--budget-seconds", "3"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    results = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(results) == len(lines) == 6
    assert sum(result["plausible"] for result in results) >= 4, done.output
    assert sum(result["right"] for result in results) >= 3, done.output
