"""How long an event takes from a committed outbox to the next handler."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

from autodev.events.binary import to_record
from autodev.events.envelope import Event
from autodev.stream.emission import Emission
from tests.contract.stream.handlers import words
from tests.contract.stream.reports import report
from tests.contract.stream.runtime import on_servers

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

HOPS = 100


async def test_a_hop_takes_milliseconds_and_waits_for_no_poll(
    kafka_bootstrap: str, database_url: str, record_property: Callable[[str, object], None]
) -> None:
    handled: asyncio.Queue[tuple[str, float]] = asyncio.Queue()

    async def handle(events: Sequence[Event[Any]], _store: Any) -> Iterable[Emission]:
        for event in events:
            handled.put_nowait((words(event), time.perf_counter()))
        return ()

    async with on_servers(kafka_bootstrap, database_url) as runtime:
        await runtime.join(handle)
        hops = []
        for number in range(HOPS):
            async with runtime.tested.ledger.begin() as transaction:
                await transaction.enqueue([to_record(report(str(number), agent=f"agent-{number % 7}"))])
            committed = time.perf_counter()
            name, arrived = await asyncio.wait_for(handled.get(), timeout=10)
            assert name == str(number)
            hops.append((arrived - committed) * 1000)
    typical = hops[10:]  # the first ones start the producer
    median, slow = statistics.median(typical), statistics.quantiles(typical, n=20)[-1]
    record_property("hop_median_ms", median)
    print(f"\nhop: median {median:.1f} ms, 95 % within {slow:.1f} ms, slowest {max(typical):.1f} ms")  # noqa: T201
    assert median < 250
