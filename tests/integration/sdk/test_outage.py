"""A broker that goes away under a running agent and comes back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from deploy.local.broker import start_kafka
from tests.integration.sdk.agents import Installation, eventually

pytestmark = pytest.mark.kafka


async def test_what_happened_while_the_broker_was_away_arrives_in_order(server_directory: Path, tmp_path: Path) -> None:
    kafka = await asyncio.to_thread(start_kafka, server_directory / "outage")
    try:
        installation = Installation(kafka.bootstrap, tmp_path)
        await installation.create_topics()
        with installation.start() as agent:
            for number in range(3):
                agent.ask({"distance": str(number), "air_time": "before"})
            assert agent.ask({"flush": 20.0})["answer"] is True
            await asyncio.to_thread(kafka.kill)
            for number in range(3, 6):
                agent.ask({"distance": str(number), "air_time": "during"})
            await eventually(installation.spooled)
            await asyncio.to_thread(kafka.restart)
            for number in range(6, 9):
                agent.ask({"distance": str(number), "air_time": "after"})
            assert agent.ask({"flush": 30.0})["answer"] is True
            assert agent.finish() == 0
        numbers = [
            execution.call.arguments.args[0]["distance"]  # type: ignore[index, call-overload]  # a flight, as sent
            for execution in await installation.executions(9)
            if execution.call
        ]
        assert list(dict.fromkeys(numbers)) == [str(number) for number in range(9)]
        assert not installation.spooled()
    finally:
        await asyncio.to_thread(kafka.stop)
