"""What is reported of a call."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Callable
from threading import Thread

import pytest

from autodev.events.binary import from_record
from autodev.events.catalogue import SKILL_EXECUTED
from autodev.events.models.agent import SkillExecutionEvent
from autodev.events.models.call import Call, Frame, Raised, Returned
from autodev.testing import MemoryBus
from tests.unit.sdk import tools


def call_of(bus: MemoryBus) -> Call:
    """The call of the only failure."""
    [failure] = bus.failures
    assert failure.call is not None
    return failure.call


def raised_in(bus: MemoryBus) -> Raised:
    outcome = call_of(bus).outcome
    assert isinstance(outcome, Raised)
    return outcome


def attempt(skill: Callable[..., object], *args: object, **kwargs: object) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - which one is the skill's business
        skill(*args, **kwargs)


def test_a_failure_comes_with_its_arguments_and_its_error(bus: MemoryBus) -> None:
    attempt(tools.half, -4.0, of=2.0)
    call = call_of(bus)
    assert (call.entrypoint, call.arguments.args, call.arguments.kwargs) == ("half", (-4.0,), {"of": 2.0})
    assert (raised_in(bus).type, raised_in(bus).message) == ("ValueError", "-8.0 is negative")


def test_frames_are_the_statements_of_the_skills_own_module_outermost_first(bus: MemoryBus) -> None:
    attempt(tools.half, -1.0)
    assert raised_in(bus).frames == (
        Frame(function="half", statement="return _divided(number * of)"),
        Frame(function="_divided", statement='raise ValueError(f"{number} is negative")'),
    )


def test_arguments_are_reported_as_they_were_passed_though_the_call_changed_them(bus: MemoryBus) -> None:
    row, seen = {"distance": "NA", "stops": ["a", "b"]}, [1]
    attempt(tools.spoiling, row, seen)
    assert call_of(bus).arguments.args == ({"distance": "NA", "stops": ["a", "b"]}, [1])


def test_the_exception_is_the_very_same_with_one_frame_more(bus: MemoryBus) -> None:
    error = ValueError("mine")
    with pytest.raises(ValueError, match="mine") as recorded:
        tools.raising(error)
    assert recorded.value is error
    assert [frame.name for frame in traceback.extract_tb(recorded.tb)][1:] == ["call", "raising"]
    assert error.__context__ is None
    assert error.__cause__ is None


async def test_an_async_skill_is_recorded_likewise(bus: MemoryBus) -> None:
    assert asyncio.iscoroutinefunction(tools.waiting)
    assert await tools.waiting(5) == 2.0
    with pytest.raises(ZeroDivisionError):
        await tools.waiting(0)
    assert await asyncio.to_thread(lambda: raised_in(bus).frames[-1].statement) == "return 10 / number"


def test_the_event_says_whose_skill_of_which_source_it_was(bus: MemoryBus) -> None:
    attempt(tools.half, -1.0)
    [failure], [registration] = bus.failures, bus.registrations
    assert (failure.tenant_id, failure.agent_id, failure.skill_id) == ("acme", "pilot", "half")
    assert failure.skill is not None
    assert (failure.skill.content_hash, failure.skill.promoted) == (registration.content_hash, None)


def test_a_module_is_registered_before_the_first_call_of_any_of_its_skills(bus: MemoryBus) -> None:
    attempt(tools.half, -1.0)
    attempt(tools.ratio, {})
    assert [event.type.name.split(".")[3] for event in bus.events()] == ["registered", "executed", "executed"]


def test_a_result_that_the_property_refuses_is_returned_and_reported(bus: MemoryBus) -> None:
    assert tools.doubled(-1) == -2
    [failure] = bus.failures
    assert (failure.success, failure.violation) == (False, "is_positive does not hold for the result")
    assert call_of(bus).outcome == Returned(value=-2)


def test_a_property_may_say_why_by_an_assertion(bus: MemoryBus) -> None:
    assert tools.tripled(50) == 150
    assert bus.failures[0].violation == "100 or more"


def test_a_broken_property_is_no_violation_and_is_logged_once(bus: MemoryBus, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert [tools.unchecked(1), tools.unchecked(2)] == [1, 2]
    assert bus.failures == []
    assert [record.message.split(":")[0] for record in caplog.records] == ["unchecked"]


def test_an_unexpected_result_is_returned_and_reported_with_what_was_expected(bus: MemoryBus) -> None:
    assert tools.half.expecting(7.0)(4.0) == 2.0
    [failure] = bus.failures
    assert failure.expected is not None
    assert (failure.expected.value, call_of(bus).outcome) == (7.0, Returned(value=2.0))


def test_an_expected_result_is_a_success_that_says_so(bus: MemoryBus) -> None:
    tools.half.expecting(2.0)(4.0)
    [execution] = bus.executions
    assert execution.success
    assert execution.expected is not None


def test_none_can_be_expected(bus: MemoryBus) -> None:
    tools.identity.expecting(None)(None)
    assert bus.failures == []


async def test_an_async_skill_can_be_expected_to_return_something(bus: MemoryBus) -> None:
    assert await tools.waiting.expecting(3.0)(5) == 2.0
    assert len(await asyncio.to_thread(lambda: bus.failures)) == 1


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), SystemExit(1), GeneratorExit()])
def test_an_interruption_is_no_failure(bus: MemoryBus, interruption: BaseException) -> None:
    with pytest.raises(type(interruption)):
        tools.raising(interruption)
    assert bus.executions == []


async def test_a_cancelled_call_is_no_failure(bus: MemoryBus) -> None:
    with pytest.raises(asyncio.CancelledError):
        await tools.raising_later(asyncio.CancelledError())
    assert await asyncio.to_thread(lambda: bus.executions) == []


def test_every_failure_is_reported_and_successes_are_sampled(bus: MemoryBus) -> None:
    for _ in range(200):
        tools.half(4.0)
    for _ in range(200):
        attempt(tools.half, -1.0)
    assert len(bus.failures) == 200
    assert len(bus.executions) < 240


def test_what_an_idle_skill_has_counted_is_reported_while_another_is_busy(bus: MemoryBus) -> None:
    for _ in range(100):
        tools.half(4.0)

    def reported() -> int:
        seen = [from_record(record).data for record in bus.broker.records(SKILL_EXECUTED.name)]
        mine = [data for data in seen if isinstance(data, SkillExecutionEvent) and data.skill_name == "half"]
        return sum(data.executions for data in mine)

    deadline = time.monotonic() + 60
    while reported() < 100:
        assert time.monotonic() < deadline, f"{reported()} of 100 calls are reported"
        attempt(tools.ratio, {})  # each failure wakes the background thread
        time.sleep(0.01)


def test_reported_executions_add_up_to_the_calls_of_all_threads(bus: MemoryBus) -> None:
    def work() -> None:
        for _ in range(1_000):
            tools.half(4.0)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(execution.executions for execution in bus.executions) == 4_000


def test_what_the_buffer_had_no_room_for_is_counted_and_said(bus: MemoryBus) -> None:
    tools.half(4.0)
    assert len(bus.executions) == 1  # the thread runs
    heavy = "x" * 400_000
    for _ in range(300):
        with pytest.raises((TypeError, ValueError)):
            tools.ratio({"distance": heavy, "hours": "1"})
    executions = [execution for execution in bus.executions if execution.skill_name == "ratio"]
    assert sum(execution.executions for execution in executions) == 300
    said = sum(execution.metadata.get("autodev.dropped_reports", 0) for execution in bus.executions)
    assert said == 300 - sum(1 for execution in executions if execution.call is not None)


def test_an_argument_too_large_is_marked_and_the_rest_of_the_call_reported(bus: MemoryBus) -> None:
    attempt(tools.half, "x" * 600_000, of=2.0)
    assert call_of(bus).arguments.args == ({"$unencodable": {"type": "builtins.str", "repr": ""}},)
    assert call_of(bus).arguments.kwargs == {"of": 2.0}


def test_a_call_too_large_for_a_record_is_reported_without_it(bus: MemoryBus) -> None:
    attempt(tools.spoiling, {"a": "\x01" * 250_000}, [1])
    [failure] = bus.failures
    assert failure.call is None
    assert "over the limit" in failure.metadata["autodev.call_omitted"]
