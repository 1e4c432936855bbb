"""The canary falls silent where a control is missing, and names it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import pytest

from autodev.events.models.call import Returned
from autodev.sandbox import (
    CallFacts,
    CallInput,
    IsolationUnavailable,
    Policy,
    Program,
    PropertyInput,
    PropertyReport,
    RunReport,
    Verdict,
    examine,
    prove,
)
from autodev.sandbox.guest_files import BOOT

SOUND: dict[str, Verdict | Any] = {
    "python": [sys.version, "/usr/bin/python3"],
    "identity": {"uids": [70_000] * 3, "groups": [], "becomes_root": False},
    "environment": ["HOME", "LANG"],
    "readable": [],
    "processes": [["python3", str(BOOT), "/harness"]],
    "writable": [],
    "scratch_room": 1_000,
    "network": [],
    "unfiltered": [],
    "open_files": [],
    "take_memory": Verdict.OOM,
    "fork_without_end": Verdict.PIDS_LIMIT,
    "burn": Verdict.CPU_LIMIT,
    "flood": Verdict.OUTPUT_LIMIT,
    "outlive": Verdict.WALL_TIMEOUT,
}
"""What each canary program comes to in a sound isolation: a verdict, or what it returns."""


class ToldEngine:
    """An engine of which all is known beforehand."""

    name = "told"
    image: str | None = None

    def __init__(self, **told: Verdict | Any) -> None:
        self._told = SOUND | told

    def close(self) -> None:
        """Nothing is kept."""

    async def run(self, program: Program, calls: Sequence[CallInput], policy: Policy) -> RunReport:
        told = self._told[program.entrypoint]
        if isinstance(told, Verdict):
            facts = CallFacts(calls[0].call_id, told)
        else:
            facts = CallFacts(calls[0].call_id, Verdict.OK, Returned(value=told))
        return RunReport(Verdict.OK, "", self.name, policy, 0.1, (facts,))

    async def search(
        self,
        module_source: str,
        entrypoint: str,
        replacements: Sequence[str | None],
        calls: Sequence[CallInput],
        policy: Policy,
    ) -> Sequence[RunReport]:
        raise NotImplementedError("the canary searches nothing")

    async def check_properties(
        self, program: Program, checks: Sequence[PropertyInput], policy: Policy
    ) -> PropertyReport:
        raise NotImplementedError("the canary checks no properties")


async def test_a_sound_engine_is_proven() -> None:
    report = await prove(ToldEngine())

    assert report.proven
    assert {control.evidence for control in report.controls} == {"holds"}


@pytest.mark.parametrize(
    ("program", "told", "control"),
    [
        ("python", ["3.9.0", "/usr/bin/python"], "python version and path"),
        ("identity", {"uids": [0, 0, 0], "groups": [], "becomes_root": False}, "unprivileged user"),
        ("identity", {"uids": [7, 7, 7], "groups": [0], "becomes_root": False}, "unprivileged user"),
        ("identity", {"uids": [7, 7, 7], "groups": [], "becomes_root": True}, "unprivileged user"),
        ("environment", ["AWS_SECRET_ACCESS_KEY"], "empty environment"),
        ("environment", ["/proc/1/environ"], "empty environment"),
        ("readable", ["/etc/shadow"], "host files out of reach"),
        ("processes", [["sshd"]], "host processes out of sight"),
        ("writable", ["/dev"], "nothing writable but scratch"),
        ("scratch_room", 1 << 30, "scratch is bounded"),
        ("scratch_room", 0, "scratch is bounded"),
        ("network", ["AF_VSOCK"], "no network"),
        ("unfiltered", ["memfd_create"], "system calls filtered"),
        ("open_files", [7], "no inherited files"),
        ("take_memory", 1 << 40, "memory limit"),
        ("fork_without_end", Verdict.WALL_TIMEOUT, "process limit"),
        ("burn", Verdict.WALL_TIMEOUT, "CPU limit"),
        ("flood", Verdict.WALL_TIMEOUT, "output limit"),
        ("outlive", Verdict.NO_RESULT, "wall clock ends the whole tree"),
        ("network", Verdict.NO_RESULT, "no network"),
    ],
)
async def test_a_missing_control_is_found_and_named(program: str, told: Verdict | Any, control: str) -> None:
    report = await examine(ToldEngine(**{program: told}))

    assert not report.proven
    assert [result.name for result in report.controls if not result.held] == [control]


async def test_an_engine_with_a_missing_control_is_refused() -> None:
    with pytest.raises(IsolationUnavailable, match="no network failed: the guest reached AF_VSOCK") as error:
        await prove(ToldEngine(network=["AF_VSOCK"]))

    assert error.value.remedy
