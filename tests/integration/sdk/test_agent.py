"""An agent's process on a real broker, from its first failure to the version that repairs it."""

from __future__ import annotations

import asyncio

import pytest

from autodev.events.catalogue import SKILL_EXECUTED, SKILL_REGISTERED
from autodev.events.models.agent import SkillRegistered
from autodev.events.models.call import Raised
from tests.integration.sdk.agents import BAD, GOOD, SCRIPT, Installation, eventually, speed_identity

pytestmark = pytest.mark.kafka

REPAIRED = '''def speed(flight: dict[str, str]) -> float:
    """Miles an hour."""
    if flight["air_time"] == "NA":
        return None
    return float(flight["distance"]) / (float(flight["air_time"]) / 60)
'''


async def test_a_failure_is_at_the_broker_when_a_short_script_has_ended(installation: Installation) -> None:
    with installation.start() as agent:
        agent.ask(BAD)
        assert agent.finish() == 0
    [execution] = await installation.executions(1)
    assert execution.call is not None
    assert isinstance(execution.call.outcome, Raised)
    assert execution.call.arguments.args == (BAD,)
    assert [frame.statement for frame in execution.call.outcome.frames] == [
        'return float(flight["distance"]) / (float(flight["air_time"]) / 60)'
    ]


async def test_the_source_is_registered_once_whatever_the_number_of_calls(installation: Installation) -> None:
    with installation.start() as agent:
        for _ in range(3):
            agent.ask(BAD)
        agent.finish()
    events = await installation.events(4, SKILL_REGISTERED.name, SKILL_EXECUTED.name)
    [registration] = [event.data for event in events if isinstance(event.data, SkillRegistered)]
    assert registration.source == SCRIPT.read_text()
    assert registration.content_hash == speed_identity().content_hash


async def test_every_call_is_counted_when_the_process_has_ended(installation: Installation) -> None:
    with installation.start() as agent:
        for _ in range(100):
            agent.ask(GOOD)
        agent.ask(BAD)
        agent.finish()
    executions = await installation.executions(22)
    assert sum(execution.executions for execution in executions) == 101


async def test_a_running_agent_takes_up_a_promotion_and_its_withdrawal(installation: Installation) -> None:
    with installation.start() as agent:
        assert agent.ask(BAD)["answer"] == "could not convert string to float: 'NA'"
        await installation.promote(REPAIRED)
        assert (await agent.until("1.0.0", BAD))["answer"] is None
        await installation.withdraw()
        assert (await agent.until(None, BAD))["answer"] == "could not convert string to float: 'NA'"


async def test_an_agent_that_joins_late_begins_with_the_promoted_version(installation: Installation) -> None:
    await installation.promote(REPAIRED)
    with installation.start() as agent:
        assert agent.ask({"ready": 20.0})["answer"] is True
        assert agent.ask(BAD) == {"answer": None, "version": "1.0.0"}


async def test_what_a_killed_agent_left_on_disk_is_sent_by_the_next(installation: Installation) -> None:
    with installation.start(bootstrap="127.0.0.1:1") as agent:
        agent.ask(BAD)
        await eventually(installation.spooled)
        agent.kill()
    with installation.start() as agent:
        assert agent.ask({"ready": 20.0})["answer"] is True
        agent.finish()
    assert len(await installation.executions(1)) == 1
    assert not installation.spooled()


async def test_an_agent_without_a_broker_works_and_ends_in_bounded_time(installation: Installation) -> None:
    with installation.start(bootstrap="127.0.0.1:1") as agent:
        assert agent.ask(GOOD)["answer"] == 100.0
        assert agent.ask({"flush": 0.2})["answer"] is False
        async with asyncio.timeout(15):
            assert await asyncio.to_thread(agent.finish) == 0
    assert installation.spooled()
