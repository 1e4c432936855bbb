"""What `autodev repair` is given, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autodev.cli.app import app
from tests.integration.repair.command import ADULT, ADULTS, run

pytestmark = pytest.mark.isolation


def test_both_forms_of_a_case_and_a_case_that_must_not_raise(tmp_path: Path) -> None:
    source = "def total(prices, tax=0):\n    s = 0\n    for p in prices:\n        s += prices[p]\n    return s + tax\n"
    cases = (
        '{"call": "total([1, 2])", "expected": "3"}\n\n'
        '{"args": [[4]], "kwargs": {"tax": 2}, "expected": 6}\n'
        '{"args": [[9, 9, 9]]}\n'
    )
    done = run(tmp_path, source, "total", cases, "-o", "json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["failures"]["IndexError"] > 0
    assert told["candidates"][0]["edits"][0]["operator"]
    assert {"code", "confidence", "edits"} <= told["candidates"][-1].keys()
    confidences = [candidate["confidence"] for candidate in told["candidates"]]
    assert told["evaluated"] >= len(confidences) > 0
    assert told["seconds"] > 0


def test_an_async_function_is_repaired(tmp_path: Path) -> None:
    source = "async def adult(age):\n    return age > 18\n"
    done = run(tmp_path, source, "adult", ADULTS)
    assert done.exit_code == 0, done.output
    assert "+    return age >= 18\n" in done.stdout


def test_a_file_in_another_encoding_is_repaired(tmp_path: Path) -> None:
    source = "# -*- coding: latin-1 -*-\ndef greet(who):\n    return 'Gr\u00fc\u00df ' + hwo\n".encode("latin-1")
    done = run(tmp_path, source, "greet", '{"call": "greet(\'A\')", "expected": "\'Grüß A\'"}\n', "-o", "json")
    assert done.exit_code == 0, done.output
    assert "'Grüß ' + who" in json.loads(done.stdout)["candidates"][0]["code"]


def test_marks_before_the_files_are_no_part_of_them(tmp_path: Path) -> None:
    cases = "\ufeff" + "".join(json.dumps({"call": call, "expected": said}) + "\r\n" for call, said in ADULTS)
    done = run(tmp_path, ("\ufeff" + ADULT.replace("\n", "\r\n")).encode(), "adult", cases)
    assert done.exit_code == 0, done.output
    assert "-    return age > 18\n+    return age >= 18\n" in done.stdout


def test_what_is_right_already_is_told_and_is_no_failure(tmp_path: Path) -> None:
    right = ADULT.replace(">", ">=")
    assert "nothing to repair" in run(tmp_path, right, "adult", ADULTS).stdout
    done = run(tmp_path, right, "adult", ADULTS, "-o", "json")
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert (told["fixed"], told["needless"], told["candidates"], told["evaluated"]) == (True, True, [], 0)


def test_no_control_characters_where_nobody_looks_at_a_terminal(tmp_path: Path) -> None:
    source = ADULT + "\n\ndef bell():\n    return '\x07'\n"
    done = run(tmp_path, source, "adult", ADULTS)
    assert done.exit_code == 0, done.output
    assert {character for character in done.output if not character.isprintable()} == {"\n"}


@pytest.mark.parametrize("source", ["def adult(:\n", "def adult(age):\n    return '\x00'\n"])
def test_source_that_is_no_python_is_not_fixed(tmp_path: Path, source: str) -> None:
    done = run(tmp_path, source, "adult", ADULTS)
    assert done.exit_code == 3
    assert "module.py is not repairable" in done.stderr


def test_an_absent_entrypoint_is_told_with_the_functions_that_there_are(tmp_path: Path) -> None:
    done = run(tmp_path, ADULT + "async def later(): pass\nclass C:\n    def inner(self): pass\n", "adlt", ADULTS)
    assert done.exit_code == 2
    assert "defines no function 'adlt'" in done.stderr
    assert "--entrypoint is one of: adult, later\n" in done.stderr


def test_a_module_without_functions_says_what_to_write(tmp_path: Path) -> None:
    done = run(tmp_path, "adult = lambda age: age > 18\n", "adult", ADULTS)
    assert done.exit_code == 2
    assert "write it as a function" in done.stderr


@pytest.mark.parametrize(
    ("cases", "told"),
    [
        ('{"call": "adult(1)"}\n\n{"call": "adult(x)", "expected": "1"}\n', "line 3: argument 1: x is no literal"),
        ('{"call": "adult(1)"}\nnonsense\n', "line 2: no JSON"),
        ("\n", "has no case"),
    ],
)
def test_a_broken_case_is_told_by_its_line(tmp_path: Path, cases: str, told: str) -> None:
    done = run(tmp_path, ADULT, "adult", cases)
    assert done.exit_code == 2
    assert f"cases.jsonl{', ' if told.startswith('line') else ' '}{told}" in done.stderr
    assert "next: " in done.stderr
    assert done.stdout == ""


def test_an_absent_file_is_told(tmp_path: Path) -> None:
    run(tmp_path, ADULT, "adult", ADULTS, "--budget-seconds", "0.1")
    module, cases, absent = str(tmp_path / "module.py"), str(tmp_path / "cases.jsonl"), str(tmp_path / "absent")
    for arguments in ([module, "--cases", absent], [absent, "--cases", cases], [str(tmp_path), "--cases", cases]):
        done = CliRunner().invoke(app, ["repair", *arguments, "--entrypoint", "adult"])
        assert done.exit_code == 2
        assert "can't be read" in done.stderr
    done = CliRunner().invoke(app, ["repair", module])
    assert done.exit_code == 2
    assert "FILE, --entrypoint and --cases are all needed" in done.stderr
