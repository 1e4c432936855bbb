"""Too many dead letters stop their partition, instead of draining the topic."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from autodev.events.binary import to_record
from autodev.events.catalogue import TASK_REPORTED, dead_letter_topic
from autodev.events.record import OutgoingRecord
from autodev.stream.limits import Limits
from tests.contract.stream.handlers import Noting
from tests.contract.stream.reports import report
from tests.contract.stream.runtime import Runtime
from tests.contract.stream.waiting import eventually

LETTERS = dead_letter_topic("first")
FEW = Limits(consecutive=5)


def good(words: str, *, partition: int = 0) -> OutgoingRecord:
    return replace(to_record(report(words)), partition=partition)


def bad(number: int) -> OutgoingRecord:
    return replace(good("bad"), value=b"no JSON, number %d" % number)


async def test_a_partition_stops_at_the_record_that_would_exceed_the_limit(runtime: Runtime) -> None:
    runtime.limits = FEW
    await runtime.send(good("before"), *map(bad, range(12)), good("behind"), good("elsewhere", partition=1))
    member = await runtime.join(Noting(runtime.tested))
    await eventually(lambda: member.trouble is not None)
    assert sorted(await runtime.noted(2)) == ["before", "elsewhere"]
    await runtime.send(good("elsewhere again", partition=1))
    await runtime.noted(3)
    trouble = member.trouble or ""
    assert f"{TASK_REPORTED.name}[0]@6" in trouble
    assert "more than 5 records in a row (AUTODEV_DEAD_LETTERS__CONSECUTIVE)" in trouble
    assert "Last reasons: data: " in trouble
    assert len(await runtime.arrived(LETTERS, 5)) == 5
    assert member.failure is None


async def test_a_restart_does_not_drain_another_limit_full(runtime: Runtime) -> None:
    runtime.limits = FEW
    await runtime.send(*map(bad, range(12)))
    for _ in range(3):
        member = await runtime.join(Noting(runtime.tested))
        await eventually(lambda member=member: "stopped at" in (member.trouble or ""))  # type: ignore[misc]
        await member.stop()
    await runtime.send(good("elsewhere", partition=1))
    await runtime.join(Noting(runtime.tested))
    await runtime.noted(1)
    assert len(await runtime.arrived(LETTERS, 5)) == 5


async def test_with_a_raised_limit_a_restarted_member_goes_on_where_it_stopped(runtime: Runtime) -> None:
    runtime.limits = FEW
    await runtime.send(*map(bad, range(12)), good("behind"))
    member = await runtime.join(Noting(runtime.tested))
    await eventually(lambda: "stopped at" in (member.trouble or ""))
    await member.stop()
    runtime.limits = Limits(consecutive=0)
    await runtime.join(Noting(runtime.tested))
    assert await runtime.noted(1) == ["behind"]
    offsets = [dict(letter.headers)["dlq-original-offset"] for letter in await runtime.arrived(LETTERS, 12)]
    assert offsets == [str(number).encode() for number in range(12)]


async def test_with_a_mended_handler_a_restarted_member_goes_on_where_it_stopped(runtime: Runtime) -> None:
    runtime.limits = Limits(consecutive=1)
    words = ["one", "two", "three", "four"]
    await runtime.send(*(good(each) for each in words))
    broken = Noting(runtime.tested, failures={each: ValueError(f"broken for {each}") for each in words})
    member = await runtime.join(broken)
    await eventually(lambda: "ValueError: broken for two" in (member.trouble or ""))
    await member.stop()
    await runtime.join(Noting(runtime.tested))
    assert await runtime.noted(3) == ["two", "three", "four"]
    assert len(await runtime.arrived(LETTERS, 1)) == 1


async def test_a_stopped_partition_says_so_again_and_again(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autodev.stream.stopping.AGAIN_SECONDS", 0.05)
    runtime.limits = FEW
    await runtime.send(*map(bad, range(12)))
    with capture_logs() as logs:
        handler = Noting(runtime.tested)
        await runtime.join(handler)
        await eventually(lambda: [entry["event"] for entry in logs].count("partition_stopped") >= 3)
    assert {entry["log_level"] for entry in logs if entry["event"] == "partition_stopped"} == {"error"}
    assert handler.batches == []


async def test_a_stopped_member_can_be_stopped(runtime: Runtime) -> None:
    runtime.limits = FEW
    await runtime.send(*map(bad, range(12)))
    member = await runtime.join(Noting(runtime.tested))
    await eventually(lambda: "stopped at" in (member.trouble or ""))
    await asyncio.wait_for(member.stop(), timeout=10)
