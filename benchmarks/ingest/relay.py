"""The peer: a bare aiokafka relay. It polls, parses the JSON, produces with the same headers and commits; no more.

python -m benchmarks.ingest.relay HOST:PORT FROM TO
"""

from __future__ import annotations

import asyncio
import sys

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

MAX_RECORDS = 1_000


async def relay(bootstrap: str, source: str, target: str) -> None:
    """Relay until cancelled."""
    consumer = AIOKafkaConsumer(
        source,
        bootstrap_servers=bootstrap,
        group_id=f"{target}.relay",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await consumer.start()
    await producer.start()
    try:
        while True:
            polled = await consumer.getmany(timeout_ms=1_000, max_records=MAX_RECORDS)
            sent = []
            for messages in polled.values():
                for message in messages:
                    orjson.loads(message.value)
                    sent.append(
                        await producer.send(target, message.value, key=message.key, headers=list(message.headers))
                    )
            await asyncio.gather(*sent)
            if sent:
                await consumer.commit()
    finally:
        await producer.stop()
        await consumer.stop()


if __name__ == "__main__":
    asyncio.run(relay(*sys.argv[1:4]))
