"""Handlers run for the events of their tenant; emitters report without waiting."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import autodev
from autodev import Outcome, SkillExecutionEvent, TaskEvent, event_bus
from autodev.ids import AgentId, EpisodeId, TenantId
from autodev.testing import MemoryBus, memory_bus
from tests.unit.sdk import tools

On = Callable[[Callable[..., Any], Callable[..., Any]], None]


@pytest.fixture
def on() -> Iterator[On]:
    """Registers a handler for the length of the test."""
    handlers: list[Callable[..., Any]] = []

    def register(channel: Callable[..., Any], handler: Callable[..., Any]) -> None:
        handlers.append(handler)
        assert channel(handler) is handler

    yield register
    for handler in handlers:
        event_bus.remove(handler)


def task(outcome: Outcome, tenant: str = "acme") -> TaskEvent:
    return TaskEvent(episode_id=EpisodeId("e1"), agent_id=AgentId("a"), tenant_id=TenantId(tenant), outcome=outcome)


async def test_a_handler_gets_the_event_that_was_emitted(bus: MemoryBus, on: On) -> None:
    got: list[TaskEvent] = []
    on(event_bus.on_task_fail, got.append)
    event = task(Outcome.FAILURE)
    assert await event_bus.emit_task_fail(event)
    await bus.run_handlers()
    assert got == [event]


async def test_fields_alone_make_an_event_of_this_agent(bus: MemoryBus) -> None:
    assert await event_bus.emit_task_fail(task_description="book a flight", metadata={"n": 1})
    [event] = await asyncio.to_thread(lambda: bus.tasks)
    assert (event.tenant_id, event.agent_id, event.outcome) == ("acme", "pilot", Outcome.FAILURE)
    assert (event.task_description, event.metadata) == ("book a flight", {"n": 1})


async def test_a_text_too_long_loses_its_middle_and_not_the_event(bus: MemoryBus) -> None:
    assert await event_bus.emit_task_fail(error_trace="Traceback" + "x" * 30_000 + "ValueError")
    assert await event_bus.emit_task_fail(task_description="y" * 30_000)
    assert await event_bus.emit_skill_execution(skill_id="tool", output="z" * 30_000)
    event = (await asyncio.to_thread(lambda: bus.tasks))[0]
    assert event.error_trace is not None
    assert (event.error_trace[:9], event.error_trace[-10:], len(event.error_trace)) == (
        "Traceback",
        "ValueError",
        20_000,
    )


async def test_a_partial_outcome_is_a_failure(bus: MemoryBus, on: On) -> None:
    failed: list[TaskEvent] = []
    succeeded: list[TaskEvent] = []
    on(event_bus.on_task_fail, failed.append)
    on(event_bus.on_task_success, succeeded.append)
    await event_bus.emit_task_fail(task(Outcome.PARTIAL))
    await event_bus.emit_task_success(task(Outcome.SUCCESS))
    await bus.run_handlers()
    assert ([event.outcome for event in failed], [event.outcome for event in succeeded]) == (["partial"], ["success"])


async def test_executions_of_skills_are_handled_failed_or_not(bus: MemoryBus, on: On) -> None:
    seen: list[tuple[str, bool]] = []
    on(event_bus.on_skill_execution, lambda event: seen.append((event.skill_name, event.success)))
    tools.half(1.0)
    with pytest.raises(ValueError, match="negative"):
        tools.half(-1.0)
    await event_bus.emit_skill_execution(skill_id="external", skill_name="external", success=True)
    await bus.run_handlers()
    assert seen == [("half", True), ("half", False), ("external", True)]


async def test_handlers_run_in_the_order_in_which_they_were_registered_sync_or_async(bus: MemoryBus, on: On) -> None:
    order: list[str] = []

    async def second(event: TaskEvent) -> None:
        await asyncio.sleep(0.01)
        order.append("second")

    on(event_bus.on_task_fail, lambda _: order.append("first"))
    on(event_bus.on_task_fail, second)
    on(event_bus.on_task_fail, lambda _: order.append("third"))
    await event_bus.emit_task_fail()
    await bus.run_handlers()
    assert order == ["first", "second", "third"]


async def test_a_sync_handler_does_not_block_the_loop(bus: MemoryBus, on: On) -> None:
    threads: list[threading.Thread] = []
    on(event_bus.on_task_fail, lambda _: threads.append(threading.current_thread()))
    await event_bus.emit_task_fail()
    await bus.run_handlers()
    assert threads[0] is not threading.main_thread()


async def test_a_handler_that_raises_stops_no_other(bus: MemoryBus, on: On, caplog: pytest.LogCaptureFixture) -> None:
    reached: list[TaskEvent] = []

    async def failing(event: TaskEvent) -> None:
        raise RuntimeError("mine")

    on(event_bus.on_task_fail, failing)
    on(event_bus.on_task_fail, reached.append)
    await event_bus.emit_task_fail()
    await event_bus.emit_task_fail()
    await bus.run_handlers()
    assert len(reached) == 2
    assert "failing failed for" in caplog.text


async def test_another_tenants_events_are_not_handled(on: On) -> None:
    got: list[TaskEvent] = []
    on(event_bus.on_task_fail, got.append)
    with memory_bus(tenant="evil") as theirs:
        await event_bus.emit_task_fail()
        assert await asyncio.to_thread(lambda: len(theirs.tasks)) == 1
        with memory_bus(tenant="acme", broker=theirs.broker) as ours:
            await ours.run_handlers()
    assert got == []


@pytest.mark.parametrize(
    ("emit", "event", "fields", "reason"),
    [
        (event_bus.emit_task_fail, task(Outcome.SUCCESS), {}, "use emit_task_success"),
        (event_bus.emit_task_success, task(Outcome.PARTIAL), {}, "use emit_task_fail"),
        (event_bus.emit_task_fail, task(Outcome.FAILURE, tenant="evil"), {}, "this process is of 'acme'"),
        (event_bus.emit_task_fail, None, {"description": "x"}, "description: Extra inputs"),
        (event_bus.emit_task_fail, "failed", {}, "a str is no event"),
        (event_bus.emit_task_fail, task(Outcome.FAILURE), {"metadata": {}}, "an event or its fields, not both"),
        (event_bus.emit_skill_execution, task(Outcome.FAILURE), {}, "use emit_task_fail"),
        (event_bus.emit_skill_execution, None, {}, "skill_id: Field required"),
    ],
)
async def test_what_is_no_such_event_is_not_emitted_and_nothing_is_raised(
    bus: MemoryBus, emit: Any, event: object, fields: dict[str, object], reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert await emit(event, **fields) is False
    assert reason in caplog.text
    assert await asyncio.to_thread(bus.events) == []


async def test_a_member_of_a_group_handles_events_as_they_come(bus: MemoryBus, on: On) -> None:
    handled = asyncio.Event()

    async def handle(event: TaskEvent) -> None:
        handled.set()

    on(event_bus.on_task_fail, handle)
    async with event_bus.listening(group="billing"):
        await event_bus.emit_task_fail()
        await asyncio.wait_for(handled.wait(), 10)


async def test_listening_needs_a_broker_and_a_tenant() -> None:
    from autodev.sdk.runtime import RUNTIME
    from autodev.sdk.settings import NotConfiguredError

    before = RUNTIME.use(None)
    try:
        with pytest.raises(NotConfiguredError):
            async with event_bus.listening(group="billing"):
                pass
        assert await event_bus.emit_task_fail() is False
    finally:
        RUNTIME.use(before)


def test_the_event_classes_are_the_contracts_own() -> None:
    assert autodev.TaskEvent is TaskEvent
    assert autodev.SkillExecutionEvent is SkillExecutionEvent
    with pytest.raises(AttributeError):
        autodev.nothing_of_this_name  # noqa: B018
