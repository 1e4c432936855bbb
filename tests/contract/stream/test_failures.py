"""What becomes of records that can not be processed, and of those beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from autodev.events.binary import to_record
from autodev.events.catalogue import TASK_REPORTED, dead_letter_topic
from autodev.events.envelope import Event
from autodev.events.models.base import utc_now
from autodev.events.record import OutgoingRecord, Record
from autodev.stream.batch import ATTEMPTS
from autodev.stream.emission import Emission, emit
from autodev.stream.failures import FailureClass, InfrastructureError
from tests.contract.stream.handlers import Noting, words
from tests.contract.stream.reports import report
from tests.contract.stream.runtime import Runtime
from tests.contract.stream.waiting import eventually

LETTERS = dead_letter_topic("first")


def reason(letter: Record, name: str) -> str:
    (value,) = [value for header, value in letter.headers if header == f"dlq-{name}"]
    assert value is not None
    return value.decode()


def broken(value: bytes | None, *, key: bytes | None = b"acme/scout") -> OutgoingRecord:
    """A report whose data are not what they should be."""
    return replace(to_record(report("broken")), key=key, value=value)


async def test_an_invalid_record_becomes_a_dead_letter_and_its_neighbours_pass(runtime: Runtime) -> None:
    invalid = broken(b'{"tenant_id": "acme", "agent_id": 7\xff')
    await runtime.send(report("before"), invalid, report("after"))
    await runtime.join(Noting(runtime.tested))
    assert await runtime.noted(2) == ["before", "after"]
    (letter,) = await runtime.arrived(LETTERS, 1)
    assert (letter.key, letter.value, letter.timestamp_ms) == (invalid.key, invalid.value, invalid.timestamp_ms)
    assert letter.headers[: len(invalid.headers)] == invalid.headers
    assert reason(letter, "error-class") == FailureClass.INVALID
    assert reason(letter, "original-topic") == TASK_REPORTED.name
    assert reason(letter, "original-group") == "first"
    assert reason(letter, "original-offset") == "1"
    assert reason(letter, "attempts") == "1"


@pytest.mark.parametrize(
    "hostile",
    [
        OutgoingRecord(TASK_REPORTED.name, None, None),
        OutgoingRecord(TASK_REPORTED.name, b"\xff", b"\x00", (("ce_id", None), ("ce_type", b"\xff\x00"), ("", None))),
        replace(to_record(report("other topic")), headers=(("ce_specversion", b"1.0"), ("ce_type", b"a\x00b"))),
        broken(b"null"),
        broken(b"[" * 100_000),
        broken(b"{}", key=None),
        to_record(replace(report("tomorrow"), time=utc_now() + timedelta(days=1))),
    ],
    ids=["nothing", "binary", "half a header", "null", "deep", "no key", "tomorrow"],
)
async def test_a_hostile_record_holds_nothing_up(runtime: Runtime, hostile: OutgoingRecord) -> None:
    """Neither the partition it is in nor the relay that carries its dead letter."""
    number = (await _partition_of(runtime, report("first"))).partition
    present = replace(hostile, timestamp_ms=None, partition=number)
    await runtime.send(present, report("neighbour"))
    await runtime.join(Noting(runtime.tested))
    assert await runtime.noted(2) == ["first", "neighbour"]
    (letter,) = await runtime.arrived(LETTERS, 1)
    assert (letter.key or None, letter.value) == (hostile.key, hostile.value)


async def test_a_record_that_its_handler_can_not_take_becomes_a_dead_letter_alone(runtime: Runtime) -> None:
    handler = Noting(runtime.tested, failures={"poison": ValueError("not with me")})
    await runtime.send(report("before"), report("poison"), report("after"))
    await runtime.join(handler)
    assert await runtime.noted(2) == ["before", "after"]
    (letter,) = await runtime.arrived(LETTERS, 1)
    assert reason(letter, "error-class") == FailureClass.HANDLER
    assert reason(letter, "error-message") == "ValueError: not with me"
    assert reason(letter, "attempts") == str(ATTEMPTS)
    assert handler.batches.count(["poison"]) == ATTEMPTS


async def test_a_failure_that_passes_by_itself_leaves_no_dead_letter(runtime: Runtime) -> None:
    tries = 0

    async def stumble_once(events: Sequence[Event[Any]], store: Any) -> Iterable[Emission]:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ValueError("once only")
        for event in events:
            await runtime.tested.note(store, words(event))
        return ()

    await runtime.send(report("one"), report("two"))
    await runtime.join(stumble_once)
    assert await runtime.noted(2) == ["one", "two"]
    assert await runtime.broker.written(LETTERS.name) == []


async def test_an_event_too_large_for_its_topic_gives_up_its_cause_and_not_the_relay(runtime: Runtime) -> None:
    async def inflate(events: Sequence[Event[Any]], store: Any) -> Iterable[Emission]:
        for event in events:
            await runtime.tested.note(store, words(event))
        return [
            emit(event.data.model_copy(update={"metadata": {"blob": "x" * TASK_REPORTED.max_bytes}}), event)
            for event in events
            if event.data is not None and words(event) == "inflate"
        ]

    await runtime.send(report("inflate"), report("neighbour"))
    await runtime.join(inflate)
    assert await runtime.noted(1) == ["neighbour"]
    (letter,) = await runtime.arrived(LETTERS, 1)
    assert reason(letter, "error-message").startswith("OversizedEventError: dev.autodev.task.failed.v1")


@pytest.mark.parametrize("error", [InfrastructureError("no sandbox"), ConnectionRefusedError("no database")], ids=repr)
async def test_while_infrastructure_is_away_records_wait_and_none_is_given_up(
    runtime: Runtime, error: Exception
) -> None:
    handler = Noting(runtime.tested, failures={"waiting": error})
    member = await runtime.join(handler)
    await runtime.send(report("waiting"), report("behind it"))
    await eventually(lambda: member.trouble is not None and len(handler.batches) > ATTEMPTS)
    assert str(error) in (member.trouble or "")
    assert TASK_REPORTED.name in (member.trouble or "")
    assert await runtime.tested.notes() == []
    handler.failures.clear()
    assert await runtime.noted(2) == ["waiting", "behind it"]
    await eventually(lambda: member.trouble is None)
    assert await runtime.broker.written(LETTERS.name) == []


async def test_other_partitions_go_on_while_one_waits(runtime: Runtime) -> None:
    handler = Noting(runtime.tested, failures={"waiting": InfrastructureError("away")})
    member = await runtime.join(handler)
    await runtime.send(replace(to_record(report("waiting")), partition=0))
    await eventually(lambda: member.trouble is not None)
    await runtime.send(replace(to_record(report("elsewhere")), partition=1))
    assert await runtime.noted(1) == ["elsewhere"]
    assert member.trouble is not None


async def test_a_member_that_waits_for_infrastructure_can_be_stopped(runtime: Runtime) -> None:
    handler = Noting(runtime.tested, failures={"waiting": InfrastructureError("away")})
    member = await runtime.join(handler)
    await runtime.send(report("waiting"))
    await eventually(lambda: member.trouble is not None)
    await asyncio.wait_for(member.stop(), timeout=10)
    handler.failures.clear()
    await runtime.join(handler)
    assert await runtime.noted(1) == ["waiting"]


async def test_a_dead_letter_that_is_sent_back_and_fails_again_keeps_its_count(runtime: Runtime) -> None:
    again = replace(
        broken(b"still broken"),
        headers=(("dlq-error-message", b"the first time"), ("dlq-redrive-count", b"2"), ("x-mine", b"kept")),
    )
    await runtime.send(again)
    await runtime.join(Noting(runtime.tested))
    (letter,) = await runtime.arrived(LETTERS, 1)
    assert reason(letter, "redrive-count") == "2"
    assert reason(letter, "error-message") != "the first time"
    assert ("x-mine", b"kept") in letter.headers


async def _partition_of(runtime: Runtime, event: Event[Any]) -> Record:
    """Where records of the event's key go, found by sending it."""
    await runtime.send(event)
    (record,) = await runtime.arrived(TASK_REPORTED, 1)
    return record
