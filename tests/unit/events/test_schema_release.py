"""Drift, release and the command line over them, on a directory of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autodev.events.schemas.__main__ import main
from autodev.events.schemas.drift import drift, write
from autodev.events.schemas.release import RELEASED, IncompatibleSchemaError, broken_contracts, release

TASK_FAILED = Path("dev.autodev.task.failed", "v1.schema.json")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Written and released."""
    write(tmp_path)
    release(tmp_path)
    return tmp_path


def edit(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads(file.read_text())
    change(document)
    file.write_text(json.dumps(document))


def test_what_was_just_written_has_not_drifted(directory: Path) -> None:
    assert drift(directory) == []


def test_an_edited_a_missing_and_a_stale_file_are_drift(directory: Path) -> None:
    edit(directory / TASK_FAILED, lambda schema: schema.pop("title"))
    (directory / "topics.json").unlink()
    stale = directory / "dev.autodev.nobody.knows" / "v1.schema.json"
    stale.parent.mkdir()
    stale.write_text("{}")
    assert sorted(line.removeprefix(f"{directory}/") for line in drift(directory)) == [
        "dev.autodev.nobody.knows/v1.schema.json: no event type makes it",
        f"{TASK_FAILED}: differs from the models",
        "topics.json: is missing",
    ]


def test_writing_removes_drift(directory: Path) -> None:
    edit(directory / TASK_FAILED, lambda schema: schema.pop("title"))
    (directory / "dev.autodev.nobody.knows").mkdir()
    (directory / "dev.autodev.nobody.knows" / "v1.schema.json").write_text("{}")
    write(directory)
    assert drift(directory) == []


def test_a_second_release_has_nothing_to_write(directory: Path) -> None:
    assert release(directory) == []


def test_a_model_that_gained_an_optional_property_is_released_as_the_next_minor_version(directory: Path) -> None:
    released = directory / RELEASED / TASK_FAILED
    this = json.loads(released.read_text())["$id"]
    edit(released, lambda schema: schema["properties"].pop("metadata"))
    assert broken_contracts(directory) == [
        f"{TASK_FAILED}: differs from what was released as {this}: raise `minor` of the event type in the catalogue"
    ]
    edit(released, lambda schema: schema.update({"$id": "the minor version before"}))
    assert broken_contracts(directory) == []
    assert release(directory) == [released]
    assert json.loads(released.read_text())["$id"] == this


@pytest.mark.parametrize(
    "change",
    [
        lambda schema: schema["properties"].update(renamed={"type": "string"}),
        lambda schema: schema["required"].append("metadata"),
        lambda schema: schema["required"].remove("outcome"),
        lambda schema: schema["properties"]["error_trace"]["anyOf"][0].update(maxLength=40_000),
        lambda schema: schema["$defs"]["Outcome"]["enum"].append("skipped"),
    ],
    ids=["removed", "optional", "required", "narrowed", "value removed"],
)
def test_a_model_that_breaks_a_released_schema_is_found_even_after_writing_anew(
    directory: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    released = directory / RELEASED / TASK_FAILED
    edit(released, change)
    write(directory)
    assert all(line.startswith(f"{TASK_FAILED}: data.") for line in broken_contracts(directory))
    before = released.read_text()
    with pytest.raises(IncompatibleSchemaError, match=r"dev\.autodev\.task\.failed"):
        release(directory)
    assert released.read_text() == before


def test_a_released_type_may_not_leave_the_catalogue(directory: Path) -> None:
    gone = directory / RELEASED / "dev.autodev.task.retired" / "v1.schema.json"
    gone.parent.mkdir()
    gone.write_text("{}")
    assert broken_contracts(directory) == [
        "dev.autodev.task.retired/v1.schema.json: released, and no longer in the catalogue"
    ]


def test_the_command_line_says_what_is_wrong_and_what_to_do(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--directory", str(directory)]) == 0
    (directory / "topics.json").unlink()
    assert main(["check", "--directory", str(directory)]) == 1
    assert "topics.json: is missing\n1 problems: run 'make schemas'" in capsys.readouterr().err
    assert main(["write", "--directory", str(directory)]) == 0
    edit(directory / RELEASED / TASK_FAILED, lambda schema: schema["required"].append("metadata"))
    assert main(["release", "--directory", str(directory)]) == 1
    assert "give what breaks a new major one" in capsys.readouterr().err
