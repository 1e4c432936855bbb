"""`execute_raw_python` of the developer guide, on an engine of ours."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import partial
from typing import Any, Final, Literal, TypedDict

from autodev.events.models.call import Raised
from autodev.events.models.search import Verdict
from autodev.sandbox.engine import Engine
from autodev.sandbox.engines import ENGINES, first_proved
from autodev.sandbox.gate import Safety
from autodev.sandbox.policy import Policy
from autodev.sandbox.report import RunReport
from autodev.sandbox.script import run_file, script_limits

MEMORY_BYTES: Final = 256 << 20
"""The guide's default."""


class RawResult(TypedDict):
    status: Literal["success", "failed"]
    output: str
    """What it printed, where it failed followed by why."""
    execution_seconds: float
    execution_id: str
    verdict: str
    """Of `autodev.events.models.search.Verdict`: the supervisor's."""
    engine: str


class RawPythonSandbox:
    """Runs programs, each isolated: the guide's `SandboxProtocol`. An engine has to keep all its promises first."""

    def __init__(self, engine: Engine | None = None, policy: Policy | None = None) -> None:
        """`engine`: one that has been proved; else the strongest that proves itself at the first call.

        `policy`: all limits but the wall clock, which each call says.
        """
        self._engine = engine
        self._policy = policy or Policy(memory_bytes=MEMORY_BYTES)

    async def execute_raw_python(
        self,
        tenant_id: str,  # noqa: ARG002 - the guide's; what a tenant may use is the service's to say
        code: str,
        input_params: dict[str, Any],
        timeout: float = 60,  # noqa: ASYNC109 - the guide's name
        safety_level: str = "MEDIUM_RISK",
        **_more: Any,
    ) -> RawResult:
        """Run `code` as a program that finds `input_params`, a dictionary, among its globals.

        Raises:
            IsolationUnavailable: nothing was run; there is no fallback to the bare host.
            ValueError: no such safety level, or a timeout that no policy allows. Imports that a level forbids are the
                gate's to refuse, before a candidate comes here: they are no wall.
        """
        Safety(safety_level)
        if self._engine is None:
            self._engine = await first_proved(partial(make, 0) for make in ENGINES.values())
        policy = Policy.model_validate(self._policy.model_dump() | script_limits(timeout))
        report = await run_file(self._engine, code, policy, variables={"input_params": input_params})
        return _told(report)


_shared = RawPythonSandbox()


async def execute_raw_python(
    tenant_id: str,
    code: str,
    input_params: dict[str, Any],
    timeout: float = 60,  # noqa: ASYNC109 - the guide's name
    safety_level: str = "MEDIUM_RISK",
    **more: Any,
) -> RawResult:
    """`RawPythonSandbox.execute_raw_python` of one that this process shares."""
    return await _shared.execute_raw_python(tenant_id, code, input_params, timeout, safety_level, **more)


def _told(report: RunReport) -> RawResult:
    [call] = report.calls
    verdict = call.verdict if report.verdict is Verdict.OK else report.verdict
    parts = [call.stdout.text, call.stderr.text]
    if isinstance(call.outcome, Raised):
        raised = f"{call.outcome.type}: {call.outcome.message}"
        if raised not in call.stderr.text:  # where it has told so itself
            parts.append(raised)
    elif verdict is not Verdict.OK:
        parts.append(f"{verdict}: {call.message or report.message}")
    return {
        "status": "success" if verdict is Verdict.OK else "failed",
        "output": _on_lines(parts),
        "execution_seconds": round(report.seconds, 3),
        "execution_id": str(uuid.uuid4()),
        "verdict": verdict.value,
        "engine": report.engine,
    }


def _on_lines(parts: Iterable[str]) -> str:
    """One after the other, each on a line of its own."""
    told = ""
    for part in parts:
        told += "\n" * bool(told and part and not told.endswith("\n")) + part
    return told
