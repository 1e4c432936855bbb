"""What docs/repair.md shows is what happens."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from autodev.cli.app import app

pytestmark = pytest.mark.isolation

PAGE = (Path(__file__).parents[3] / "docs" / "repair.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
MODULE, LIBRARY = (text for language, text in BLOCKS if language == "python")
CASES = next(text for language, text in BLOCKS if language == "json")
COMMANDS = [text.removeprefix("$ autodev ").partition("\n") for language, text in BLOCKS if language == "console"]
FAULTY = "def adult(age):\n    return age > 18\n"
PROGRAM = {
    "id": "adult",
    "entrypoint": "adult",
    "source": FAULTY,
    "first_failure": "wrong_value",
    "cases": [
        {"call": f"adult({age})", "expected": str(age >= 18)}  # the first half shows the fault
        for age in (18, 17, 30, 2, 19, 16)
    ],
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.py").write_text(MODULE)
    (tmp_path / "cases.jsonl").write_text(CASES)
    (tmp_path / "programs.jsonl").write_text(json.dumps(PROGRAM) + "\n")
    return tmp_path


def _ran(command: str) -> Any:
    return CliRunner().invoke(app, shlex.split(command))


@pytest.mark.parametrize(("command", "shown"), [(command, shown) for command, _, shown in COMMANDS])
def test_each_command_of_the_page_succeeds_and_prints_what_it_shows(shop: Path, command: str, shown: str) -> None:
    result = _ran(command)
    assert result.exit_code == 0, result.output
    assert shown in result.stdout


def test_as_json_it_gives_ranked_versions_what_it_took_and_how_many_it_evaluated(shop: Path) -> None:
    told = json.loads(_ran(COMMANDS[1][0]).stdout)
    assert {"code", "confidence", "edits"} <= told["candidates"][0].keys()
    assert told["evaluated"] > 0
    assert told["seconds"] > 0


async def test_the_library_repairs_as_the_page_shows() -> None:
    names: dict[str, Any] = {}
    exec(LIBRARY, names)
    assert "spent.get(name, 0)" in await names["repaired"](MODULE)
