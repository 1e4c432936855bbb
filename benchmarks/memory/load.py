"""A steady load: reports at an even pace, and every few seconds a new tenant whose three skills need repair."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Final

from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.publisher import KafkaPublisher
from benchmarks.ingest.workload import reports
from tests.e2e.failing_agent import opted_in, work
from tests.e2e.installation import Installation

REPORTS_PER_SECOND: Final = 500
TENANT_SECONDS: Final = 5.0
CALLS: Final = 36
"""Of a new tenant's skills: three cases."""
_AT_ONCE: Final = 50


async def load(installed: Installation) -> None:
    """Report until cancelled."""
    publisher = KafkaPublisher(KafkaConnection(installed.bootstrap, "bench", installed.prefix))
    try:
        await asyncio.gather(_reports(publisher), _tenants(installed))
    finally:
        await publisher.stop()


async def _reports(publisher: KafkaPublisher) -> None:
    began = perf_counter()
    written = 0
    while True:
        await publisher.publish(list(reports(_AT_ONCE)))
        written += _AT_ONCE
        await asyncio.sleep(max(0.0, began + written / REPORTS_PER_SECOND - perf_counter()))


async def _tenants(installed: Installation) -> None:
    number = 0
    while True:
        tenant = f"new-{number}"
        await installed.report([*opted_in(tenant), *work(tenant, CALLS)])
        number += 1
        await asyncio.sleep(TENANT_SECONDS)
