"""The configuration file of supervisord, from the programs it has to keep alive."""

from __future__ import annotations

import hashlib
import os
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.processes.command import Command
from deploy.local.processes.ports import LOOPBACK
from deploy.local.stack.state import SUPERVISOR, StackState

RPC_USER = "autodev"
GRACE_SECONDS = 15

# Tries to start a program wait 1, 2, 3… s; after this many it stays down until the next `up`.
_START_TRIES = 30


@dataclass(frozen=True, slots=True)
class Program:
    """One process that supervisord keeps alive."""

    name: str
    command: Command


def render(programs: Iterable[Program], state: StackState, directory: Path) -> str:
    """The whole file. Programs start when asked, not with supervisord: `up` knows their order."""
    password = hashlib.sha1(state.supervisor_password.encode(), usedforsecurity=False).hexdigest()
    sections: dict[str, Mapping[str, object]] = {
        "supervisord": {
            "identifier": identifier(directory),
            "logfile": _literal(directory / "logs" / "supervisord.log"),
            "pidfile": _literal(directory / "supervisord.pid"),
            **({"user": "root"} if os.geteuid() == 0 else {}),
        },
        "inet_http_server": {
            "port": f"{LOOPBACK}:{state.ports[SUPERVISOR]}",
            "username": RPC_USER,
            "password": f"{{SHA}}{password}",
        },
        "rpcinterface:supervisor": {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface",
        },
    }
    for program in programs:
        sections[f"program:{program.name}"] = _program(program, directory)
    return "\n".join(_section(title, values) for title, values in sections.items())


def identifier(directory: Path) -> str:
    """A name that only the supervisord of the stack in `directory` answers with."""
    return f"autodev-{hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]}"


def _program(program: Program, directory: Path) -> Mapping[str, object]:
    command = program.command
    environment = ",".join(f'{name}="{_literal(value)}"' for name, value in command.environment.items())
    return {
        "command": _literal(shlex.join(command.argv)),
        "directory": "/",
        "autostart": "false",
        "autorestart": "true",
        "startretries": _START_TRIES,
        "stopsignal": command.stop_signal.name.removeprefix("SIG"),
        "stopwaitsecs": GRACE_SECONDS,
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": _literal(directory / "logs" / f"{program.name}.log"),
        "stdout_logfile_maxbytes": "10MB",
        "stdout_logfile_backups": 2,
        **({"environment": environment} if environment else {}),
        **({"user": command.account.name} if command.account else {}),
    }


def _literal(value: object) -> str:
    """A value without the expansion that supervisord does for `%`."""
    return str(value).replace("%", "%%")


def _section(title: str, values: Mapping[str, object]) -> str:
    return "\n".join([f"[{title}]", *(f"{name}={value}" for name, value in values.items()), ""])
