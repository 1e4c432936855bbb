"""supervisord reads from its configuration what we meant, by its own parser."""

from __future__ import annotations

import shlex
import signal
from pathlib import Path
from typing import Any

import pytest
from supervisor.options import ServerOptions

from deploy.local.processes.command import Command
from deploy.local.stack.new_state import OwnServers, new_state
from deploy.local.supervision.settings import Program, identifier, render

_OWN = OwnServers(kafka="broker:9092", postgres="postgresql://db/mine")


def _parsed(tmp_path: Path, *programs: Program) -> Any:
    (tmp_path / "logs").mkdir()
    file = tmp_path / "supervisord.conf"
    file.write_text(render(programs, new_state(tmp_path, _OWN, None), tmp_path))
    options = ServerOptions()
    options.realize(["-c", str(file)])
    return options


def _one(tmp_path: Path, command: Command) -> Any:
    return _parsed(tmp_path, Program("part", command)).process_group_configs[0].process_configs[0]


@pytest.mark.parametrize("argument", ["%m %a ", "with space", 'quo"te', "it's", "%(here)s", "a,b"])
def test_an_argument_reaches_its_program_unchanged(tmp_path: Path, argument: str) -> None:
    config = _one(tmp_path, Command(("/bin/echo", argument)))
    assert shlex.split(config.command) == ["/bin/echo", argument]


def test_additional_environment_reaches_its_program(tmp_path: Path) -> None:
    config = _one(tmp_path, Command(("/bin/true",), {"AUTODEV_HTTP__PORT": "20001", "OTHER": "100%"}))
    assert config.environment == {"AUTODEV_HTTP__PORT": "20001", "OTHER": "100%"}


def test_a_program_is_restarted_stopped_with_its_signal_and_killed_with_its_group(tmp_path: Path) -> None:
    config = _one(tmp_path, Command(("/bin/true",), stop_signal=signal.SIGINT))
    assert config.autorestart
    assert not config.autostart
    assert config.stopsignal == signal.SIGINT
    assert config.stopwaitsecs == 15
    assert config.killasgroup


def test_calls_are_taken_on_the_loopback_interface_with_a_password_only(tmp_path: Path) -> None:
    (server,) = _parsed(tmp_path).server_configs
    assert server["host"] == "127.0.0.1"
    assert server["password"].startswith("{SHA}")


def test_two_stacks_do_not_mistake_each_others_supervisor(tmp_path: Path) -> None:
    assert identifier(tmp_path / "one") != identifier(tmp_path / "two")
