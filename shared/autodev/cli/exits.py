"""How a command ends: its exit codes, and the error that says what happened and what to do next."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Stable: scripts may rely on them."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    REFUSED = 4
    UNREACHABLE = 5

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.OK: "done",
    ExitCode.FAILED: "failed or unhealthy",
    ExitCode.USAGE: "wrong usage or input",
    ExitCode.NOT_FOUND: "not found",
    ExitCode.REFUSED: "refused: the state does not allow it",
    ExitCode.UNREACHABLE: "a server is unreachable",
}

EPILOG = "Exit codes: " + "; ".join(f"{code.value} {code.meaning}" for code in ExitCode) + "."


class CommandError(Exception):
    """A command can't go on. Shown as two lines, never as a traceback."""

    def __init__(self, code: ExitCode, what: str, next_step: str = "") -> None:
        super().__init__(what)
        self.code = code
        self.next_step = next_step
