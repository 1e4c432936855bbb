"""A tenant over its quota waits before its generation is begun, and holds nothing meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from autodev.events.binary import to_record
from autodev.events.catalogue import CANDIDATES_PROPOSED
from autodev.events.envelope import Event, new_event
from autodev.events.models.search import CandidatesProposed
from autodev.events.record import OutgoingRecord, Record
from autodev.ids import TenantId
from autodev.sandbox import Policy, Usage
from autodev.stream.batch import BatchProcessor
from autodev.stream.emission import Emission
from autodev.stream.group import GroupMember
from autodev.stream.memory.broker import MemoryBroker, MemorySubscription
from autodev.stream.memory.ledger import MemoryLedger
from services.sandbox.domain.quota import Quota
from services.sandbox.generation import GenerationRun
from services.sandbox.slots import FairSlots
from services.sandbox.spending import MeteredTenants
from tests.unit.sandbox_service.generations import BASE, WRONG, ToldEngine, candidate, generation

ACME, OTHER = TenantId("acme"), TenantId("other")
TOPIC = CANDIDATES_PROPOSED.name
TIGHT = Quota(cpu_seconds=1, window_seconds=0.3)
OVER = Usage(cpu_seconds=2)


def proposed(tenant: TenantId) -> Event[CandidatesProposed]:
    return new_event(generation().model_copy(update={"tenant_id": tenant}), source="/test")


def read(sent: OutgoingRecord) -> Record:
    return Record(sent.topic, 0, 0, 0, sent.key, sent.value, sent.headers)


class Reader:
    """A member of the sandbox's group whose handler notes whose generations it is given."""

    def __init__(self, tenants: MeteredTenants, partitions: int) -> None:
        self.broker = MemoryBroker(partitions=partitions)
        self.handled: list[TenantId] = []
        processor = BatchProcessor("sandbox", "/services/sandbox", MemoryLedger(), self._note)
        subscription = MemorySubscription(self.broker, "sandbox", [TOPIC])
        self.member = GroupMember(subscription, processor, lambda: None, 1, tenants.admit)

    async def send(self, tenant: TenantId, partition: int) -> None:
        record = to_record(proposed(tenant))
        await self.broker.publish(
            [OutgoingRecord(record.topic, record.key, record.value, record.headers, None, partition)]
        )

    async def _note(self, events: Sequence[Event[Any]], _store: Any) -> Iterable[Emission]:
        self.handled.extend(event.data.tenant_id for event in events if event.data is not None)
        return ()


async def settled(reader: Reader, count: int) -> None:
    async with asyncio.timeout(10):
        while len(reader.handled) < count:  # noqa: ASYNC110 - the reader sets no event
            await asyncio.sleep(0.01)


async def test_who_is_over_its_quota_is_served_when_its_window_has_room() -> None:
    tenants, clock = MeteredTenants(TIGHT), asyncio.get_running_loop().time
    began = clock()
    tenants.charge(ACME, OVER)

    await tenants.admit([read(to_record(proposed(ACME)))])

    assert clock() - began >= 0.3


async def test_who_is_not_goes_on_at_once_while_another_waits() -> None:
    tenants = MeteredTenants(Quota(cpu_seconds=1, window_seconds=3_600))
    tenants.charge(ACME, OVER)

    async with asyncio.timeout(5):
        await tenants.admit([read(to_record(proposed(OTHER)))])


async def test_what_is_no_generation_does_not_wait() -> None:
    tenants = MeteredTenants(Quota(cpu_seconds=1, window_seconds=3_600))
    tenants.charge(ACME, OVER)

    async with asyncio.timeout(5):
        await tenants.admit([Record(TOPIC, 0, 0, 0, b"acme", b'{"tenant_id": "acme"}')])


async def test_only_the_partition_of_a_waiting_tenant_stands_and_nothing_of_it_is_lost() -> None:
    tenants = MeteredTenants(TIGHT)
    reader = Reader(tenants, partitions=2)
    tenants.charge(ACME, OVER)
    for tenant, partition in ((ACME, 0), (OTHER, 1), (OTHER, 1)):
        await reader.send(tenant, partition)
    await reader.member.start()

    await settled(reader, 3)

    assert reader.handled == [OTHER, OTHER, ACME]
    await reader.member.stop()


async def test_a_member_that_stops_does_not_wait_for_a_quota() -> None:
    tenants = MeteredTenants(Quota(cpu_seconds=1, window_seconds=3_600))
    reader = Reader(tenants, partitions=1)
    tenants.charge(ACME, OVER)
    await reader.send(ACME, 0)
    await reader.member.start()
    await asyncio.sleep(0.1)

    async with asyncio.timeout(5):
        await reader.member.stop()

    assert reader.handled == []


async def test_every_run_is_charged_to_the_tenant_of_its_generation() -> None:
    class Charged(MeteredTenants):
        def __init__(self) -> None:
            super().__init__(Quota())
            self.charged: list[tuple[TenantId, float]] = []

        def charge(self, tenant: TenantId, usage: Usage) -> None:
            self.charged.append((tenant, usage.cpu_seconds))

    tenants = Charged()
    engine = ToldEngine({None: BASE, "a": WRONG, "b": WRONG}, usage=Usage(cpu_seconds=0.25))

    await GenerationRun(generation(candidate("a"), candidate("b")), engine, Policy(), FairSlots(2), tenants).run()

    runs, checks = 3, 1
    assert tenants.charged == [(ACME, 0.25)] * (runs + checks)
