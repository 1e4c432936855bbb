"""Start supervisord and talk to it: a typed port over its XML-RPC interface."""

from __future__ import annotations

import http.client
import sys
import time
import xmlrpc.client
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict

from deploy.local.processes.command import Command
from deploy.local.processes.ports import LOOPBACK
from deploy.local.processes.server import ServerFailedError, log_tail
from deploy.local.stack.state import SUPERVISOR, StackState
from deploy.local.supervision.settings import RPC_USER, identifier

_CALL_SECONDS = 5.0
_START_SECONDS = 15.0
_ALREADY_STARTED = 60
_NOT_RUNNING = 70


class ProgramState(StrEnum):
    """The states supervisord knows."""

    STOPPED = "STOPPED"
    STARTING = "STARTING"
    RUNNING = "RUNNING"
    BACKOFF = "BACKOFF"
    STOPPING = "STOPPING"
    EXITED = "EXITED"
    FATAL = "FATAL"
    UNKNOWN = "UNKNOWN"


class ProgramInfo(BaseModel):
    """What supervisord says of one program; `pid` is 0 if it does not run, `start` is a Unix time."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    statename: ProgramState
    pid: int
    start: int


class Supervisor:
    """The supervisord of the stack in `directory`."""

    def __init__(self, state: StackState, directory: Path) -> None:
        """Connect to nothing yet."""
        url = f"http://{RPC_USER}:{quote(state.supervisor_password, safe='')}@{LOOPBACK}:{state.ports[SUPERVISOR]}/RPC2"
        self._url = url
        self._directory = directory

    def launch(self, environment: Mapping[str, str]) -> None:
        """Start supervisord on `supervisord.conf` as a daemon; its programs inherit `environment`."""
        argv = (sys.executable, "-m", "supervisor.supervisord", "-c", str(self._directory / "supervisord.conf"))
        Command(argv, dict(environment)).run()
        deadline = time.monotonic() + _START_SECONDS
        while not self.is_running():
            if time.monotonic() > deadline:
                log = self._directory / "logs" / "supervisord.log"
                raise ServerFailedError(f"supervisord does not answer. The end of {log}:\n{log_tail(log)}")
            time.sleep(0.05)

    def is_running(self) -> bool:
        """Whether it is this stack's supervisord that answers on the port."""
        try:
            return bool(self._call("getIdentification") == identifier(self._directory))
        except (OSError, xmlrpc.client.Error, http.client.HTTPException):
            return False

    def programs(self) -> dict[str, ProgramInfo]:
        """All programs by name."""
        found = self._call("getAllProcessInfo")
        assert isinstance(found, list)
        programs = [ProgramInfo.model_validate(program) for program in found]
        return {program.name: program for program in programs}

    def start(self, name: str) -> None:
        """Ask for a program to be started; nothing happens if it runs or is about to."""
        self._ask("startProcess", name, unless=_ALREADY_STARTED)

    def stop(self, name: str) -> None:
        """Ask for a program to be stopped; nothing happens if it does not run."""
        self._ask("stopProcess", name, unless=_NOT_RUNNING)

    def shutdown(self) -> None:
        """Ask supervisord to stop every program and then to end."""
        self._call("shutdown")

    def _ask(self, method: str, name: str, *, unless: int) -> None:
        wait = False
        try:
            self._call(method, name, wait)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != unless:
                raise ServerFailedError(f"supervisord refused {method} {name}: {fault.faultString}") from fault

    def _call(self, method: str, *arguments: str | bool) -> object:
        # A connection of its own for each call, so that calls may come from several threads.
        with xmlrpc.client.ServerProxy(self._url, transport=_ImpatientTransport()) as proxy:
            result: object = getattr(proxy.supervisor, method)(*arguments)
            return result


class _ImpatientTransport(xmlrpc.client.Transport):
    def make_connection(self, host: object) -> http.client.HTTPConnection:
        connection = super().make_connection(host)  # type: ignore[arg-type]  # the stub's type is private to it
        connection.timeout = _CALL_SECONDS
        return connection
