"""What runs cost, as the supervisor counts it on a real engine."""

from __future__ import annotations

import pytest

from autodev.events.models.call import Arguments
from autodev.sandbox import CallInput, Policy, Program, PropertyInput, Usage, namespace_engine

pytestmark = pytest.mark.isolation

BURNING = """
import time

def burn(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    print("x" * 100)
    return "y" * 50
"""
SECONDS = 0.3
CALLS = [CallInput(name, Arguments(args=(SECONDS,))) for name in ("one", "two")]


def is_that_of_two_calls(usage: Usage) -> bool:
    return 2 * SECONDS <= usage.cpu_seconds < 3 * SECONDS


async def test_calls_with_a_process_each_are_added() -> None:
    usage = (await namespace_engine().run(Program(BURNING, "burn"), CALLS, Policy())).usage
    assert is_that_of_two_calls(usage)
    assert (usage.processes, usage.output_bytes, usage.dropped_bytes) == (2, 202, 0)
    assert usage.result_bytes > 2 * 50
    assert usage.unmeasured_seconds == 0


async def test_calls_that_share_a_process_are_not_counted_twice() -> None:
    reports = await namespace_engine().search(BURNING, "burn", [None, None], CALLS, Policy())
    assert all(is_that_of_two_calls(report.usage) for report in reports)
    assert [report.usage.processes for report in reports] == [1, 1]


async def test_checks_are_counted_too() -> None:
    checked = f"@autodev.skill(ensures=lambda result, _: burn({SECONDS}))\ndef skill(x): return x\n"
    source = f"{BURNING}\nimport autodev\n{checked}"
    checks = [PropertyInput(name, Arguments(args=(1,)), 1) for name in ("one", "two")]
    report = await namespace_engine().check_properties(Program(source, "skill"), checks, Policy())
    assert is_that_of_two_calls(report.usage)


async def test_time_that_a_guest_took_along_is_told() -> None:
    policy = Policy(wall_seconds=1, call_seconds=1)
    calls = [CallInput("short", Arguments(args=(0.0,))), CallInput("long", Arguments(args=(60,)))]
    usage = (await namespace_engine().run(Program(BURNING, "burn"), calls, policy)).usage
    assert usage.processes == 1
    assert 0.1 < usage.unmeasured_seconds < 1.5


async def test_a_report_tells_how_long_the_isolation_took_and_by_how_much_its_end_was_late() -> None:
    policy = Policy(wall_seconds=2, call_seconds=0.5)
    report = await namespace_engine().run(Program(BURNING, "burn"), [CallInput("long", Arguments(args=(60,)))], policy)
    assert 0 < report.take_seconds < 5
    assert report.overshoot_seconds is not None
    assert 0 < report.overshoot_seconds < 1.5

    ended = await namespace_engine().run(Program(BURNING, "burn"), [CallInput("short", Arguments(args=(0,)))], policy)
    assert ended.overshoot_seconds is None
