"""Isolations that were started ahead, for a job whose limits nobody knew."""

from __future__ import annotations

from itertools import permutations

import pytest

from autodev.sandbox import Arguments, CallInput, Policy, Program, Verdict, namespace_engine

pytestmark = pytest.mark.isolation

SMALL = Policy(memory_bytes=64 << 20, processes=4, cpus=0.5, file_bytes=1 << 16, inodes=32)
LARGE = Policy(memory_bytes=512 << 20, processes=32, cpus=2.0, file_bytes=1 << 24, inodes=4_096)
TAKING = Program("def take(size):\n    return len(bytearray(size))\n", "take")


@pytest.mark.parametrize(("started_for", "used_with"), list(permutations((SMALL, LARGE))))
async def test_one_that_was_started_for_other_limits_has_the_jobs_own(started_for: Policy, used_with: Policy) -> None:
    engine = namespace_engine(warm=1)
    try:
        engine.warm_up(started_for)
        await engine.waiting(started_for)
        size = used_with.memory_bytes // 2
        fits = await engine.run(TAKING, [CallInput("1", Arguments(args=(size,)))], used_with)
        await engine.waiting(used_with)
        taken = await engine.run(TAKING, [CallInput("1", Arguments(args=(8 * size,)))], used_with)
    finally:
        engine.close()

    assert [report.calls[0].verdict for report in (fits, taken)] == [Verdict.OK, Verdict.OOM]


async def test_none_is_used_twice() -> None:
    engine = namespace_engine(warm=2)
    leaving = Program("import os\ndef leave():\n    open('/tmp/mark', 'x').close()\n    return os.getpid()\n", "leave")
    try:
        reports = [await engine.run(leaving, [CallInput("1", Arguments())], SMALL) for _ in range(6)]
    finally:
        engine.close()

    assert [report.calls[0].verdict for report in reports] == [Verdict.OK] * 6
