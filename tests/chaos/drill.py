"""One run of the workload in a fresh installation, under one fault or under none."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from autodev.events.catalogue import SUBSCRIPTIONS
from deploy.local.postgres.databases import create_database, drop_database
from tests.chaos.compare import Finding, Kind, Observation, compare
from tests.chaos.faults.fault import Fault
from tests.chaos.invariants import Run, check
from tests.chaos.outcome import Outcome
from tests.chaos.quiet import NeverQuietError, until_quiet
from tests.chaos.running import Running
from tests.chaos.servers import Servers
from tests.chaos.service import COMMAND
from tests.chaos.tables import read_tables
from tests.chaos.topics import read_topics
from tests.chaos.workload import Workload
from tests.e2e.installation import Installation
from tests.e2e.keeping import Keeper

Say = Callable[[str], None]


@dataclass(frozen=True)
class Drill:
    servers: Servers
    workload: Workload
    seed: int
    logs: Path
    """Where each drill leaves its services' logs, in a directory of its own."""
    say: Say

    async def run(self, fault: Fault, undisturbed: Observation | None) -> tuple[Outcome, Observation]:
        """Run it, and compare it with what the `undisturbed` run left behind, where there was one."""
        started = time.monotonic()
        name = f"chaos{uuid4().hex[:8]}"
        database = create_database(self.servers.postgres.url, name)
        logs = Path(tempfile.mkdtemp(prefix=f"{fault.name.replace(' ', '-')}-", dir=self.logs))
        installation = Installation(self.servers.kafka.bootstrap, database, f"{name}.", logs, COMMAND)
        keeper = Keeper(installation, fault.environment)
        try:
            run = await self._run(fault, Running(self.servers, installation, keeper))
        except NeverQuietError as error:
            findings, observation, redelivered = [Finding(Kind.LOST, "the end of the run", 1, str(error))], {}, 0
        else:
            observation = run.topics.sections() | run.tables.sections()
            findings = check(run) + ([] if undisturbed is None else compare(undisturbed, observation))
            redelivered = run.topics.redelivered
        finally:
            installation.end()
        drop_database(self.servers.postgres.url, name)
        outcome = Outcome(
            fault=fault.name,
            events=len(self.workload.first_half) + len(self.workload.second_half),
            deaths=keeper.deaths,
            redelivered=redelivered,
            findings=findings,
            notes=[*fault.notes(keeper.deaths), *(f"{what}, {count} times" for what, count in keeper.failures.items())],
            seconds=time.monotonic() - started,
        )
        return outcome, observation

    async def _run(self, fault: Fault, running: Running) -> Run:
        chance = random.Random(f"{self.seed} {fault.name}")
        installation, keeper = running.installation, running.keeper
        await installation.prepare()
        keeper.start(*SUBSCRIPTIONS)
        keeping = asyncio.create_task(keeper.run())
        try:
            await installation.ready(*SUBSCRIPTIONS)
            for half, records in (("first", self.workload.first_half), ("second", self.workload.second_half)):
                self.say(f"{fault.name}: {half} half, {len(records)} records")
                feeding = asyncio.create_task(running.feed(records))
                await fault.strike(running, chance)
                await feeding
                await until_quiet(installation)
            await running.feed(self.workload.end)
            ends = await until_quiet(installation)
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping
        return Run(await read_topics(installation.connection), await read_tables(installation.database_url), ends)
