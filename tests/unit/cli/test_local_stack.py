"""Commands find a local stack by themselves, and whatever the user sets comes first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autodev.cli.local_stack import STATE_FILE, missing_settings
from deploy.local.stack.state import SERVICES, StackState

PORTS = {name: 20_000 + index for index, name in enumerate((*SERVICES, "kafka", "postgres", "supervisor"))}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    state = StackState(
        ports=PORTS,
        kafka_bootstrap="127.0.0.1:9999",
        database_url="postgresql://u:p@127.0.0.1:5/autodev",
        postgres_directory=tmp_path,
        supervisor_password="secret",
    )
    (tmp_path / STATE_FILE).parent.mkdir(parents=True)
    (tmp_path / STATE_FILE).write_text(state.model_dump_json())
    return tmp_path


def test_a_stack_fills_in_what_the_environment_leaves_unset(directory: Path) -> None:
    found = missing_settings(directory, {})
    assert found["AUTODEV_KAFKA__BOOTSTRAP_SERVERS"] == "127.0.0.1:9999"
    assert found["AUTODEV_DATABASE__URL"] == "postgresql://u:p@127.0.0.1:5/autodev"
    assert found["AUTODEV_CONSOLE_URL"] == f"http://127.0.0.1:{PORTS['console']}"
    assert found["AUTODEV_SERVICES__SANDBOX"] == f"http://127.0.0.1:{PORTS['sandbox']}"


@pytest.mark.parametrize("name", ["AUTODEV_DATABASE__URL", "AUTODEV_DATABASE__URL_FILE"])
def test_the_environment_comes_before_the_stack(directory: Path, name: str) -> None:
    assert "AUTODEV_DATABASE__URL" not in missing_settings(directory, {name: "mine"})


def test_without_a_stack_nothing_is_filled_in(tmp_path: Path) -> None:
    assert missing_settings(tmp_path, {}) == {}


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"ports": {"console": "x"}})])
def test_a_damaged_state_file_is_named(directory: Path, content: str) -> None:
    (directory / STATE_FILE).write_text(content)
    with pytest.raises(ValueError, match="is damaged"):
        missing_settings(directory, {})
