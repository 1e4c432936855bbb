"""A seeded workload through real processes that are killed, stopped, paused and joined by others under backlog."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from autodev.events.catalogue import FAILURE_BATCHED
from autodev.events.envelope import Event
from autodev.events.models.base import EventData
from autodev.events.models.failure import ClockTicked, FailureBatched, FailureLate, FailureWindowed
from autodev.ids import TenantId
from services.analysis.consumer.faust_app import SESSION_SECONDS
from services.analysis.domain.windows import Windowing
from tests.integration.analysis.installation import Installation, installed
from tests.integration.analysis.tables import Outcome, differences, found, undisturbed
from tests.integration.analysis.worker import Worker, Workers
from tests.unit.analysis.failures import NOON, complaint, failure

WINDOWING = Windowing(retention=1_800)
HOUR = 3_600
TENANTS = {f"tenant-{number}": number * 86_400 for number in range(5)}
"""Each lives in another day."""
PATIENCE = 180


class Disturbance(StrEnum):
    KILL = "kill -9, and another start"
    STOP = "SIGTERM, and another start"
    PAUSE = "SIGSTOP until its partitions have moved on, then SIGCONT"
    JOIN = "a third member joins, and leaves"


@dataclass(frozen=True)
class Plan:
    seed: int = 1
    records: int = 20_000
    rounds: int = 1
    """Times that each disturbance happens, in an order of their own."""

    def disturbances(self) -> list[Disturbance]:
        chance = random.Random(self.seed)
        return [each for _ in range(self.rounds) for each in chance.sample(list(Disturbance), len(Disturbance))]


@dataclass(frozen=True)
class Drill:
    """What a run came to, and what it should have come to."""

    failures: int
    expected: Outcome
    found: Outcome

    @property
    def differences(self) -> list[str]:
        """In words; empty if nothing was lost, done twice or changed."""
        return [*differences(self.found, self.expected), *self._miscounted()]

    def _miscounted(self) -> Iterator[str]:
        """The second opinion, which does not ask the fold: each failure is in one last revision, or told as late."""
        counts = Counter[tuple[str, object]]()
        late = 0
        for data in self.found.results.values():
            if isinstance(data, FailureWindowed):
                key = data.case_id, data.window_start
                counts[key] = max(counts[key], data.count)
            if isinstance(data, FailureLate):
                late += data.count
        if counts.total() + late != self.failures:
            yield f"{self.failures} failures happened, but {counts.total()} are in windows and {late} were late"


async def drill_on(bootstrap: str, database_url: str, plan: Plan) -> Drill:
    """Run `plan` on an empty database and topics of its own."""
    async with installed(bootstrap, database_url) as installation:
        workers = Workers(installation)
        try:
            return await drill(installation, workers, plan)
        finally:
            await workers.kill_all()


async def drill(installation: Installation, workers: Workers, plan: Plan) -> Drill:
    """Run `plan` on fresh topics and tables, and stop everything.

    Raises:
        TimeoutError: the workers did not get to the end of the log.
    """
    chance = random.Random(plan.seed)
    retention = str(WINDOWING.retention)
    first, second, third = (workers.add(AUTODEV_ANALYSIS__RETENTION_SECONDS=retention) for _ in range(3))
    disturbances = plan.disturbances()
    failures = backlog(chance, plan.records)
    chunks = _chunks(failures, len(disturbances) + 1)

    await installation.send(*next(chunks))
    await first.start()
    await second.start()
    await first.wait_until_ready()
    for disturbance in disturbances:
        sent = await installation.send(*next(chunks))
        await _publish_some_again(installation, sent, chance)
        await asyncio.sleep(chance.uniform(0, 1.5))
        await _disturb(disturbance, chance.choice([first, second]), third)
    await _wait_for_the_end(installation, [first, second])
    last = ClockTicked(seconds={TenantId(tenant): NOON + day + 2 * HOUR for tenant, day in TENANTS.items()})
    for number in range(FAILURE_BATCHED.partitions):
        await installation.send(last, partition=number)
    await _wait_for_the_end(installation, [first, second])
    for worker in (first, second):
        await worker.stop()

    expected = undisturbed(await installation.log(FAILURE_BATCHED.name), WINDOWING)
    return Drill(sum(each.count for each in failures), expected, await found(installation))


def backlog(chance: random.Random, records: int) -> list[FailureBatched]:
    """An hour of failures of some tenants and agents, a few of them late and fewer too late for any window."""
    lateness = [0] * 80 + [400] * 4 + [2_400]
    made = []
    for number in range(records):
        tenant, day = chance.choice(list(TENANTS.items()))
        second = NOON + day + max(0, number * HOUR // records - chance.choice(lateness))
        agent = f"agent-{chance.randrange(12)}"
        if chance.random() < 0.05:
            words = " ".join(chance.choices(["send", "invoice", "mail", "book", "flight"], k=3))
            made.append(complaint(second, words, agent=agent, tenant=tenant))
        else:
            signature, count = f"signature-{chance.randrange(6)}", chance.randrange(1, 4)
            made.append(failure(second, signature, count=count, agent=agent, tenant=tenant))
    return made


def _chunks(failures: Sequence[FailureBatched], count: int) -> Iterator[Sequence[FailureBatched]]:
    size = -(-len(failures) // count)
    return (failures[start : start + size] for start in range(0, len(failures), size))


async def _publish_some_again(installation: Installation, sent: list[Event[EventData]], chance: random.Random) -> None:
    """As a relay does that died between sending and marking."""
    start = chance.randrange(len(sent))
    await installation.send_again(sent[start : start + 200])


async def _disturb(disturbance: Disturbance, worker: Worker, third: Worker) -> None:
    match disturbance:
        case Disturbance.KILL:
            await worker.kill()
            await worker.start()
        case Disturbance.STOP:
            await worker.stop()
            await worker.start()
        case Disturbance.PAUSE:
            worker.pause()
            await asyncio.sleep(SESSION_SECONDS + 3)
            worker.resume()
        case Disturbance.JOIN:
            await third.start()
            await third.wait_until_ready(PATIENCE)
            await third.stop()


async def _wait_for_the_end(installation: Installation, workers: Sequence[Worker]) -> None:
    async with asyncio.timeout(PATIENCE):
        for worker in workers:
            await worker.wait_until_ready(PATIENCE)
        while not await installation.is_processed(FAILURE_BATCHED.name):  # noqa: ASYNC110 - other processes set no event
            await asyncio.sleep(0.5)
