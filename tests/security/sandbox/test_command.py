"""`autodev sandbox`, as an operator types it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from autodev.cli.app import app
from autodev.sandbox import Policy
from autodev.sandbox.engines import ENGINES

pytestmark = pytest.mark.isolation

PROGRAM = """
import sys

def add(a, b=2):
    print("adding")
    return a + b

def broken():
    raise ValueError("no")

if __name__ == "__main__":
    print("as a program")
    print("and an error", file=sys.stderr)
    sys.exit(0)
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return path


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["sandbox", *map(str, arguments)])


def run(*arguments: object) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(invoke("run", *arguments, "-o", "json").stdout)
    return told


def test_a_file_runs_as_a_program(program: Path) -> None:
    told = run(program)
    assert (told["verdict"], told["result"]) == ("ok", None)
    assert (told["stdout"], told["stderr"]) == ("as a program\n", "and an error\n")
    assert set(told["limits"]) == set(Policy.model_fields)


@pytest.mark.parametrize("arguments", ["[40]", "[40, 2]", '{"a": 40}'])
def test_a_function_is_called_with_what_is_given(program: Path, arguments: str) -> None:
    told = run(program, "--entrypoint", "add", "--args", arguments)
    assert (told["verdict"], told["result"], told["stdout"]) == ("ok", 42, "adding\n")
    assert told["usage"]["max_rss_bytes"] > 0


def test_what_it_raises_is_told(program: Path) -> None:
    ended = invoke("run", program, "--entrypoint", "broken", "-o", "json")
    told = json.loads(ended.stdout)
    assert (told["verdict"], told["error"], told["result"]) == ("guest_error", "ValueError: no", None)
    assert ended.exit_code == 1


@pytest.mark.parametrize(
    ("source", "options", "verdict"),
    [
        ("while True: pass", ["--timeout", "0.5"], "wall_timeout"),
        ("print('x' * 100_000)", ["--output-limit", "1000"], "output_limit"),
        ("x = bytearray(1 << 30)", ["--memory", "128m"], "oom"),
        ("import sys; sys.exit(3)", [], "guest_error"),
        ("import os; os._exit(0)", [], "no_result"),
        ("this is no Python", [], "guest_error"),
    ],
)
def test_how_it_ended_is_the_supervisors_verdict(tmp_path: Path, source: str, options: list[str], verdict: str) -> None:
    path = tmp_path / "program.py"
    path.write_text(source)
    assert run(path, *options)["verdict"] == verdict


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--memory", "much"], "is no size"),
        (["--memory", "1k"], "--memory: "),
        (["--timeout", "-1"], "--timeout: "),
        (["--entrypoint", "add", "--args", "nonsense"], "can't be read"),
        (["--entrypoint", "add", "--args", "[" * 3_000 + "]" * 3_000], "can't be read"),
        (["--entrypoint", "add", "--args", "5"], "neither a JSON array nor an object"),
        (["--entrypoint", "add", "--args", '"ab"'], "neither a JSON array nor an object"),
        (["--args", "[1]"], "name it: --entrypoint NAME"),
        (["--engine", "hope"], "is no engine"),
    ],
)
def test_wrong_options_say_what_is_wrong(program: Path, options: list[str], told: str) -> None:
    ended = invoke("run", program, *options)
    assert ended.exit_code == 2
    assert told in ended.stderr


@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbfprint('\xc3\xa9')", b"# coding: latin-1\nprint('\xe9')", b"print('\\xe9')\r\n"]
)
def test_a_file_is_in_the_encoding_that_it_names(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "program.py"
    path.write_bytes(content)
    assert run(path)["stdout"] == "\u00e9\n"


def test_arguments_are_data_whatever_they_look_like(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text("def f(given):\n    return type(given).__name__, len(given)")
    assert run(path, "--entrypoint", "f", "--args", '[{"$unencodable": 1}]')["result"] == {"$tuple": ["dict", 1]}


def test_a_result_of_a_size_that_nobody_wants_is_over_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text("def f():\n    return 'x' * 50_000_000")
    assert run(path, "--entrypoint", "f")["verdict"] == "output_limit"


def test_a_file_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    ended = invoke("run", tmp_path / "absent.py")
    assert ended.exit_code == 2
    assert "absent.py can't be read" in ended.stderr


def test_a_run_is_recorded_where_it_is_asked_for(program: Path, tmp_path: Path) -> None:
    log = tmp_path / "runs.jsonl"
    run(program, "--entrypoint", "add", "--args", "[40]", "--audit", log)
    run(program, "--entrypoint", "broken", "--audit", log)

    shown = json.loads(invoke("audit", "show", log, "-o", "json").stdout)
    assert [record["kind"] for record in shown] == ["opened", "run", "run"]
    assert [record["runs"][0]["calls"] for record in shown[1:]] == [{"ok": 1}, {"guest_error": 1}]
    assert shown[1]["module_sha256"] == hashlib.sha256(program.read_bytes()).hexdigest()
    assert shown[1]["runs"][0]["usage"]["processes"] == 1
    assert "adding" not in log.read_text()
    table = invoke("audit", "show", log).stdout
    assert "guest_error 1" in table

    verified = invoke("audit", "verify", log, "-o", "json")
    told = json.loads(verified.stdout)
    assert (verified.exit_code, told["holds"], told["lines"], told["broken"]) == (0, True, 3, None)


def test_the_first_link_that_does_not_hold_is_named(program: Path, tmp_path: Path) -> None:
    log = tmp_path / "runs.jsonl"
    for _ in range(2):
        run(program, "--audit", log)
    log.write_text(log.read_text().replace('"ok":1', '"oom":1', 1))

    verified = invoke("audit", "verify", log)
    assert verified.exit_code == 1
    assert "runs.jsonl, line 3: it does not follow from the line before it" in verified.stdout


def test_nothing_runs_if_its_record_could_not_be_written(program: Path, tmp_path: Path) -> None:
    for log in (program, tmp_path / "absent" / "runs.jsonl"):
        ended = invoke("run", program, "--audit", log)
        assert ended.exit_code == 2
        assert "no audit record was written" in ended.stderr
    assert program.read_text() == PROGRAM


@pytest.mark.parametrize("command", ["verify", "show"])
def test_a_log_that_can_not_be_read_is_told(command: str, tmp_path: Path) -> None:
    ended = invoke("audit", command, tmp_path / "absent")
    assert ended.exit_code == 2
    assert "can't be read" in ended.stderr


def test_each_engine_and_each_of_its_controls_is_checked() -> None:
    ended = invoke("check", "-o", "json")
    rows = json.loads(ended.stdout)
    assert {row["engine"] for row in rows} == set(ENGINES)
    assert ended.exit_code == 0
    for engine in ENGINES:
        controls = [row for row in rows if row["engine"] == engine]
        # One that can't be made here says so by a single control; Docker has a daemon to ask, or it has not.
        assert all(row["held"] for row in controls) or (len(controls) == 1 and controls[0]["remedy"])
    assert all(row["held"] for row in rows if row["engine"] == "namespaces")
