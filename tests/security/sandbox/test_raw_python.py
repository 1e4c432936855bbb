"""`execute_raw_python`, as the developer guide calls it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autodev.sandbox import namespace_engine
from autodev.sandbox.raw_python import RawPythonSandbox

pytestmark = pytest.mark.isolation


@pytest.fixture
def sandbox() -> Iterator[RawPythonSandbox]:
    engine = namespace_engine()
    yield RawPythonSandbox(engine)
    engine.close()


async def test_a_program_finds_its_parameters_and_what_it_prints_is_told(sandbox: RawPythonSandbox) -> None:
    result = await sandbox.execute_raw_python(
        tenant_id="tenant-123", code="print(input_params['a'] + 1)", input_params={"a": 41}
    )

    assert (result["status"], result["output"], result["verdict"]) == ("success", "42\n", "ok")
    assert result["engine"] == "namespaces"
    assert result["execution_id"]
    assert result["execution_seconds"] >= 0


@pytest.mark.parametrize(
    ("code", "verdict", "told"),
    [
        ("raise ValueError('no')", "guest_error", "ValueError: no"),
        ("print('begun', flush=True)\nwhile True: pass", "wall_timeout", "begun\n"),
        ("while True: pass", "wall_timeout", "wall_timeout: stopped after 0.5 s"),
        ("import os; os._exit(0)", "no_result", "no_result: exited with 0 and delivered nothing"),
        ("x = [bytearray(1 << 20) for _ in range(10_000)]", "oom", "oom: "),
        ("this is no Python", "guest_error", "SyntaxError: "),
    ],
)
async def test_how_it_failed_is_told(sandbox: RawPythonSandbox, code: str, verdict: str, told: str) -> None:
    timeout = 0.5 if verdict == "wall_timeout" else 20
    result = await sandbox.execute_raw_python("tenant-123", code, {}, timeout=timeout)

    assert (result["status"], result["verdict"]) == ("failed", verdict)
    assert told in result["output"]


async def test_a_safety_level_that_does_not_exist_is_refused(sandbox: RawPythonSandbox) -> None:
    with pytest.raises(ValueError, match="NO_RISK"):
        await sandbox.execute_raw_python("tenant-123", "pass", {}, safety_level="NO_RISK")
