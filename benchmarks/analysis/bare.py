"""The peer: a Faust agent with the settings of the analysis service that only counts what it is given.

    python -m benchmarks.analysis.bare HOST:PORT TOPIC

It writes how many records it has had, one JSON number a line, after each batch.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from autodev.stream.kafka.connection import KafkaConnection
from services.analysis.consumer.faust_app import create_faust_app
from services.analysis.consumer.member import MAX_RECORDS, WITHIN_SECONDS


async def read(bootstrap: str, topic: str) -> None:
    """Read until cancelled."""
    connection = KafkaConnection(bootstrap, "bare")
    app = create_faust_app(connection, f"{topic}.bare", asyncio.get_running_loop())

    async def take(stream: Any) -> None:
        done = 0
        async for events in stream.take_events(MAX_RECORDS, within=WITHIN_SECONDS):
            done += len(events)
            sys.stdout.write(f"{done}\n")
            sys.stdout.flush()

    app.agent(app.topic(topic, value_type=bytes, value_serializer="raw"), concurrency=1, name="bare")(take)
    await app.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(read(*sys.argv[1:3]))
