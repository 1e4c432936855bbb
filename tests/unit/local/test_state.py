"""The state file that other programs read."""

from __future__ import annotations

import shlex
import stat
from pathlib import Path

import pytest

from deploy.local.stack.new_state import OwnServers, new_state
from deploy.local.stack.state import KAFKA, POSTGRES, SERVICES, StackState, load, save, write_private


@pytest.fixture
def state(tmp_path: Path) -> StackState:
    return new_state(tmp_path, OwnServers(kafka="broker:9092", postgres="postgresql://me:p%20w@db/mine"), None)


def test_a_directory_without_a_stack_has_no_state(tmp_path: Path) -> None:
    assert load(tmp_path) is None


def test_a_saved_state_is_loaded_again(tmp_path: Path, state: StackState) -> None:
    save(tmp_path, state)
    assert load(tmp_path) == state


def test_nobody_else_may_read_the_secrets(tmp_path: Path, state: StackState) -> None:
    save(tmp_path, state)
    for name in ("state.json", "env"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_saving_leaves_no_other_file_behind(tmp_path: Path) -> None:
    write_private(tmp_path / "file", "one")
    write_private(tmp_path / "file", "two")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["two"]


def test_a_shell_reads_the_same_settings_that_services_get(tmp_path: Path, state: StackState) -> None:
    save(tmp_path, state)
    lines = shlex.split((tmp_path / "env").read_text())
    assert dict(line.split("=", 1) for line in lines) == state.environment


def test_a_damaged_state_is_no_missing_one(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text("{")
    with pytest.raises(ValueError, match="StackState"):
        load(tmp_path)


def test_servers_of_the_users_own_are_used_as_given_and_not_run(state: StackState) -> None:
    assert state.servers == ()
    assert state.kafka_bootstrap == "broker:9092"
    assert state.database_url == "postgresql://me:p%20w@db/mine"


def test_every_service_has_an_address_on_the_loopback_interface(state: StackState) -> None:
    assert all(state.service_url(service).startswith("http://127.0.0.1:") for service in SERVICES)


def test_a_stack_of_its_own_servers_keeps_their_addresses_and_password(server_directory: Path) -> None:
    first = new_state(server_directory / "stack", OwnServers(), None)
    second = new_state(server_directory / "stack", OwnServers(), first)
    assert first.servers == (POSTGRES, KAFKA)
    assert (second.kafka_bootstrap, second.database_url) == (first.kafka_bootstrap, first.database_url)


def test_asking_for_another_broker_than_the_running_one_is_refused(state: StackState) -> None:
    with pytest.raises(RuntimeError, match="run `down`"):
        OwnServers(kafka="other:9092").check(state)


def test_asking_for_nothing_special_accepts_any_running_stack(state: StackState) -> None:
    OwnServers().check(state)
