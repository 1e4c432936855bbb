"""The canary sings where isolation works, and falls silent where a control is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from autodev.events.models.call import Returned
from autodev.sandbox import (
    BubblewrapEngine,
    CallInput,
    Engine,
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

pytestmark = pytest.mark.isolation


class Leaking:
    """A real engine whose report on one program is what a guest without that control would make it."""

    name = "leaking"

    def __init__(self, engine: Engine, program: str, value: object) -> None:
        self._engine = engine
        self._program = program
        self._value = value

    async def run(self, program: Program, calls: Sequence[CallInput], policy: Policy) -> RunReport:
        report = await self._engine.run(program, calls, policy)
        if program.entrypoint != self._program:
            return report
        leaked = replace(report.calls[0], verdict=Verdict.OK, outcome=Returned.model_validate({"value": self._value}))
        return replace(report, calls=(leaked,))

    async def check_properties(
        self, program: Program, checks: Sequence[PropertyInput], policy: Policy
    ) -> PropertyReport:
        return await self._engine.check_properties(program, checks, policy)


async def test_every_control_holds_here(engine: BubblewrapEngine) -> None:
    report = await prove(engine)

    assert {control.name: control.evidence for control in report.controls if not control.held} == {}
    assert len(report.controls) == 14


@pytest.mark.parametrize(
    ("program", "value", "control"),
    [
        ("python", ["3.9.0", "/usr/bin/python"], "python version and path"),
        ("identity", {"uids": [0, 0, 0], "groups": [], "becomes_root": False}, "unprivileged user"),
        ("environment", ["AWS_SECRET_ACCESS_KEY"], "empty environment"),
        ("readable", ["/etc/shadow"], "host files out of reach"),
        ("writable", ["/dev"], "nothing writable but scratch"),
        ("scratch_room", 1 << 30, "scratch is bounded"),
        ("network", ["AF_VSOCK"], "no network"),
        ("unfiltered", ["memfd_create"], "system calls filtered"),
        ("open_files", [7], "no inherited files"),
        ("take_memory", 1 << 40, "memory limit"),
        ("burn", None, "CPU limit"),
        ("outlive", None, "wall clock ends the whole tree"),
    ],
)
async def test_a_missing_control_is_found_and_named(
    engine: BubblewrapEngine, program: str, value: object, control: str
) -> None:
    report = await examine(Leaking(engine, program, value))

    assert not report.proven
    assert [result.name for result in report.controls if not result.held] == [control]


async def test_an_engine_with_a_missing_control_is_refused(engine: BubblewrapEngine) -> None:
    with pytest.raises(IsolationUnavailable, match="no network failed: the guest reached AF_VSOCK"):
        await prove(Leaking(engine, "network", ["AF_VSOCK"]))
