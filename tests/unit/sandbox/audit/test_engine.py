"""What a record tells of a run, and what it never tells."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from autodev.events.models.call import Arguments, Raised
from autodev.sandbox import (
    CallFacts,
    CallInput,
    IsolationUnavailable,
    Output,
    Policy,
    Program,
    PropertyFacts,
    PropertyInput,
    PropertyReport,
    PropertyVerdict,
    RunReport,
    SandboxError,
    Usage,
    Verdict,
)
from autodev.sandbox.audit import AuditedEngine, AuditError, AuditLog, on_behalf_of, verify
from autodev.sandbox.script import run_file

GUESTS = "said by the guest"
CALLS = [CallInput(GUESTS, Arguments(args=(GUESTS,)))] * 3
MODULE, REPLACEMENT = f"# {GUESTS}\ndef f(x): ...", "def f(x): return 1"


class Guest:
    """An engine whose guest says something wherever it can."""

    name = "told"
    image: str | None = "sha256:abc"
    failure: BaseException | None = None

    def close(self) -> None:
        """Nothing is kept."""

    async def run(self, _program: Program, _calls: Sequence[CallInput], policy: Policy) -> RunReport:
        if self.failure is not None:
            raise self.failure
        outcome = Raised(type="E", message=GUESTS)
        output = Output(GUESTS, GUESTS, 5)
        verdicts = (Verdict.OK, Verdict.OK, Verdict.OOM)
        facts = tuple(CallFacts(GUESTS, each, outcome, GUESTS, 0.1, 0.1, 1, output, output) for each in verdicts)
        usage = Usage(0.25, 0.0, 4_096, 3, 100, 5, 7)
        return RunReport(Verdict.OK, GUESTS, self.name, policy, 1.5, facts, usage, 0.03, 0.002)

    async def search(
        self, module_source: str, entrypoint: str, replacements: Sequence[str | None], *rest: Any
    ) -> Sequence[RunReport]:
        return [await self.run(Program(module_source, entrypoint, each), *rest) for each in replacements]

    async def check_properties(
        self, _program: Program, _checks: Sequence[PropertyInput], policy: Policy
    ) -> PropertyReport:
        facts = (PropertyFacts(GUESTS, PropertyVerdict.VIOLATED, GUESTS),)
        return PropertyReport(Verdict.OK, GUESTS, self.name, policy, 0.1, facts)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    return AuditLog(tmp_path / "runs.jsonl")


def records(log: AuditLog) -> list[dict[str, Any]]:
    assert verify([log.path]).holds
    return [json.loads(line) for line in log.path.read_text().splitlines()][1:]


async def test_a_run_is_told_by_hashes_verdicts_and_numbers(log: AuditLog) -> None:
    policy = Policy(wall_seconds=7)
    with on_behalf_of("acme"):
        report = await AuditedEngine(Guest(), log).run(Program(MODULE, "f", REPLACEMENT), CALLS, policy)

    assert report.seconds == 1.5
    [record] = records(log)
    assert {name: record[name] for name in ("kind", "tenant", "engine", "image")} == {
        "kind": "run",
        "tenant": "acme",
        "engine": "told",
        "image": "sha256:abc",
    }
    assert (record["module_sha256"], record["replacements_sha256"]) == (sha256(MODULE), [sha256(REPLACEMENT)])
    assert record["limits"] == policy.model_dump(mode="json")
    canonical = json.dumps(record["limits"], sort_keys=True, separators=(",", ":"))
    assert record["policy_sha256"] == sha256(canonical)
    assert record["runs"] == [
        {
            "verdict": "ok",
            "calls": {"ok": 2, "oom": 1},
            "seconds": 1.5,
            "take_seconds": 0.03,
            "overshoot_seconds": 0.002,
            "usage": {
                "cpu_seconds": 0.25,
                "unmeasured_seconds": 0.0,
                "max_rss_bytes": 4_096,
                "processes": 3,
                "output_bytes": 100,
                "dropped_bytes": 5,
                "result_bytes": 7,
            },
        }
    ]


async def test_programs_of_a_search_are_told_in_one_record(log: AuditLog) -> None:
    await AuditedEngine(Guest(), log).search(MODULE, "f", [REPLACEMENT, None], CALLS, Policy())
    [record] = records(log)
    assert (record["kind"], record["tenant"], len(record["runs"])) == ("search", None, 2)
    assert record["replacements_sha256"] == [sha256(REPLACEMENT), None]


async def test_property_checks_are_told_by_their_own_verdicts(log: AuditLog) -> None:
    await AuditedEngine(Guest(), log).check_properties(Program(MODULE, "f"), [], Policy())
    [record] = records(log)
    assert (record["kind"], record["runs"][0]["calls"]) == ("properties", {"violated": 1})


async def test_of_a_file_that_is_run_as_a_program_the_files_hash_is_told(log: AuditLog) -> None:
    await run_file(AuditedEngine(Guest(), log), "print(1)\n", Policy())
    assert records(log)[0]["module_sha256"] == sha256("print(1)\n")


async def test_nothing_that_a_guest_said_is_in_the_log(log: AuditLog) -> None:
    engine = AuditedEngine(Guest(), log)
    await engine.run(Program(MODULE, "f", REPLACEMENT), CALLS, Policy())
    await engine.search(MODULE, "f", [REPLACEMENT], CALLS, Policy())
    await engine.check_properties(Program(MODULE, "f"), [], Policy())
    assert len(records(log)) == 3
    assert GUESTS not in log.path.read_text()


async def test_without_isolation_it_is_told_that_nothing_ran(log: AuditLog) -> None:
    guest = Guest()
    guest.failure = IsolationUnavailable("bubblewrap", GUESTS, "Install it.")
    with pytest.raises(IsolationUnavailable):
        await AuditedEngine(guest, log).run(Program(MODULE, "f"), CALLS, Policy())
    [record] = records(log)
    assert (record["kind"], record["control"], "runs" in record) == ("not_run", "bubblewrap", False)
    assert GUESTS not in log.path.read_text()


async def test_of_an_engine_that_failed_that_is_told(log: AuditLog) -> None:
    guest = Guest()
    guest.failure = SandboxError(GUESTS)
    with pytest.raises(SandboxError):
        await AuditedEngine(guest, log).run(Program(MODULE, "f"), CALLS, Policy())
    [record] = records(log)
    assert (record["kind"], record["error"]) == ("failed", "SandboxError")
    assert GUESTS not in log.path.read_text()


async def test_a_run_that_its_caller_gave_up_is_told(log: AuditLog) -> None:
    guest = Guest()
    guest.failure = asyncio.CancelledError()
    with pytest.raises(asyncio.CancelledError):
        await AuditedEngine(guest, log).run(Program(MODULE, "f"), CALLS, Policy())
    async with asyncio.timeout(10):
        while not log.path.exists() or not records(log):  # noqa: ASYNC110 - the thread that writes sets no event
            await asyncio.sleep(0.01)
    assert records(log)[0]["kind"] == "cancelled"


async def test_without_a_record_there_is_no_report(tmp_path: Path) -> None:
    engine = AuditedEngine(Guest(), AuditLog(tmp_path / "absent" / "runs.jsonl"))
    with pytest.raises(AuditError, match="no audit record was written"):
        await engine.run(Program(MODULE, "f"), CALLS, Policy())


async def test_the_loop_goes_on_while_a_record_is_written(tmp_path: Path) -> None:
    class Slow(AuditLog):
        def append(self, *arguments: Any) -> Any:
            time.sleep(0.3)
            return super().append(*arguments)

    running = asyncio.create_task(
        AuditedEngine(Guest(), Slow(tmp_path / "runs.jsonl")).run(Program(MODULE, "f"), CALLS, Policy())
    )
    ticks = 0
    while not running.done():
        await asyncio.sleep(0.01)
        ticks += 1
    assert ticks > 5
