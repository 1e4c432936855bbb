"""What every engine promises, each with the program that tries to break it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autodev.events.models.call import Returned
from autodev.events.models.search import Verdict
from autodev.sandbox.canary.control import Control, Judge
from autodev.sandbox.guest_files import BOOT
from autodev.sandbox.policy import Policy
from autodev.sandbox.report import CallFacts

_KNOWN_VARIABLES = {"HOME", "LANG", "PWD", "TZ", "LC_CTYPE"}
# With time enough on a busy machine for what ends by itself.
_TIGHT = Policy(wall_seconds=60, call_seconds=30, cpu_seconds=1, processes=8, file_bytes=1 << 20, output_bytes=16_384)
_HASTY = _TIGHT.model_copy(update={"call_seconds": 0.5})

_KERNEL = "Run on Linux 5.14 or newer, where limits on processes are counted per isolation."
_BUG = "This is a defect of the engine: do not run it, report it."


def controls(secret_file: str, token: str) -> tuple[Control, ...]:
    """All of them. `secret_file` is a file of the supervisor's; `token` marks a daemon that must not survive."""
    host_files = [secret_file, __file__, "/etc/shadow", "/etc/passwd", "/home", "/var", "/run"]
    return (
        Control("python version and path", "python", _returns(_is_this_python), _BUG),
        Control("unprivileged user", "identity", _returns(_is_nobody), _BUG),
        Control("empty environment", "environment", _returns(_only_known_variables), _BUG),
        Control("host files out of reach", "readable", _returns(_nothing), _BUG, (host_files,)),
        Control("host processes out of sight", "processes", _returns(_only_its_own), _BUG),
        Control("nothing writable but scratch", "writable", _returns(_nothing), _BUG),
        Control("scratch is bounded", "scratch_room", _returns(_within(_TIGHT.file_bytes)), _BUG, policy=_TIGHT),
        Control("no network", "network", _returns(_nothing), _BUG),
        Control(
            "system calls filtered", "unfiltered", _returns(_nothing), "Enable CONFIG_SECCOMP_FILTER in the kernel."
        ),
        Control("no inherited files", "open_files", _returns(_nothing), _BUG),
        Control("memory limit", "take_memory", _ends_as(Verdict.OOM), _BUG, policy=_TIGHT),
        Control("process limit", "fork_without_end", _ends_as(Verdict.PIDS_LIMIT), _KERNEL, policy=_TIGHT),
        Control("CPU limit", "burn", _ends_as(Verdict.CPU_LIMIT), _BUG, policy=_TIGHT),
        Control("output limit", "flood", _ends_as(Verdict.OUTPUT_LIMIT), _BUG, policy=_TIGHT),
        Control("wall clock ends the whole tree", "outlive", _ends_without(token), _BUG, (token,), _HASTY),
    )


def _ends_as(verdict: Verdict) -> Judge:
    def judge(facts: CallFacts) -> str | None:
        return None if facts.verdict is verdict else f"ended as {facts.verdict}, not {verdict}: {facts.message}"

    return judge


def _ends_without(token: str) -> Judge:
    def judge(facts: CallFacts) -> str | None:
        survivors = _processes_showing(token)
        if survivors:
            return f"processes {survivors} outlived their isolation"
        return _ends_as(Verdict.WALL_TIMEOUT)(facts)

    return judge


def _returns(wrong: Any) -> Judge:
    def judge(facts: CallFacts) -> str | None:
        if not isinstance(facts.outcome, Returned):
            return f"the canary ended as {facts.verdict}: {facts.outcome or facts.message}"
        complaint: str | None = wrong(facts.outcome.value)
        return complaint

    return judge


def _nothing(found: Sequence[Any]) -> str | None:
    return f"the guest reached {', '.join(map(str, found))}" if found else None


def _within(limit: int) -> Any:
    return lambda written: None if 0 < written <= limit else f"{written} bytes fitted where {limit} are allowed"


def _is_this_python(found: list[str]) -> str | None:
    return None if found[0] == sys.version else f"the guest runs {found[0]} at {found[1]}, not {sys.version}"


def _is_nobody(found: dict[str, Any]) -> str | None:
    if found["becomes_root"] or 0 in found["uids"] or 0 in found["groups"]:
        return f"the guest has the rights of root: {found}"
    return None


def _only_known_variables(found: list[str]) -> str | None:
    return _nothing([name for name in found if name not in _KNOWN_VARIABLES])


def _only_its_own(found: list[list[str]]) -> str | None:
    return _nothing([" ".join(command) for command in found if str(BOOT) not in command])


def _processes_showing(token: str) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:  # it ended meanwhile
            continue
        if token.encode() in command:
            found.append(process.name)
    return found
