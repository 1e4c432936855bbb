"""The command line as a whole: quick to come up, clear when it can't go on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autodev.cli.app import app
from autodev.cli.exits import ExitCode

HEAVY = ("aiokafka", "alembic", "fastapi", "httpx2", "libcst", "orjson", "pydantic", "rich", "sqlalchemy")


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.chdir(tmp_path)  # no local stack
    return CliRunner()


def test_help_imports_nothing_that_takes_long() -> None:
    program = "import sys, autodev.cli.app; print(*(m for m in sys.modules if '.' not in m))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert set(HEAVY).isdisjoint(loaded)


def test_help_documents_the_exit_codes(runner: CliRunner) -> None:
    shown = " ".join(runner.invoke(app, ["--help"]).output.split())
    for code in ExitCode:
        assert f"{code.value} {code.meaning}" in shown


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["cases", "list", "--console", "http://127.0.0.1:9"], ExitCode.UNREACHABLE),
        (["run", "nothing"], ExitCode.USAGE),
        (["db", "upgrade", "nothing"], ExitCode.USAGE),
        (["events", "tail", "--topic", "nothing"], ExitCode.USAGE),
        (["events", "send"], ExitCode.USAGE),
        (["events", "send", "no-such-file.json"], ExitCode.USAGE),
        (["events", "send", "--agent", "a b"], ExitCode.USAGE),
        (["workspace", "set", "enabled"], ExitCode.USAGE),
        (["dlq", "list", "nothing"], ExitCode.USAGE),
        (["dlq", "list", "--since", "yesterday"], ExitCode.USAGE),
        (["dlq", "show", "fitness"], ExitCode.USAGE),
        (["dlq", "show", "nothing/0/1"], ExitCode.USAGE),
        (["dlq", "redrive"], ExitCode.USAGE),
        (["dlq", "redrive", "fitness/0/1", "--all"], ExitCode.USAGE),
        (["dlq", "drop", "fitness/0/1", "--by", "a\x1bb"], ExitCode.USAGE),
    ],
)
def test_a_command_that_cannot_go_on_says_why_and_ends_with_its_code(
    runner: CliRunner, arguments: list[str], code: ExitCode
) -> None:
    result = runner.invoke(app, arguments)
    assert result.exit_code == code, result.output
    assert result.stderr.startswith("autodev: ")
    assert "Traceback" not in result.output


def test_a_wrong_variable_is_named(runner: CliRunner) -> None:
    result = runner.invoke(app, ["topics", "list"], env={"AUTODEV_HTTP__PORT": "x"})
    assert result.exit_code == ExitCode.USAGE
    assert "AUTODEV_HTTP__PORT" in result.stderr
