"""One run of the workload in a fresh installation, under one fault or under none."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from autodev.events.catalogue import SUBSCRIPTIONS
from deploy.local.postgres.databases import create_database, drop_database
from tests.chaos.aftermath import Aftermath, aftermath
from tests.chaos.compare import Finding, Kind, Observation, compare
from tests.chaos.faults.fault import Fault
from tests.chaos.invariants.check import check
from tests.chaos.invariants.run import Run
from tests.chaos.outcome import Outcome
from tests.chaos.people import decide
from tests.chaos.quiet import NeverQuietError, until_quiet
from tests.chaos.running import Part, Running
from tests.chaos.servers import Servers
from tests.chaos.service import COMMAND
from tests.chaos.tables import read_tables
from tests.chaos.topics import read_topics
from tests.chaos.workload import Workload
from tests.e2e.installation import Installation
from tests.e2e.keeping import Keeper

Say = Callable[[str], None]
FEW = 15
"""So many reports at a time once versions are promoted: then some are under way for as long as faults strike."""
DECISION_SECONDS = 0.7


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
        events = len(self.workload.first_half) + len(self.workload.second_half)
        try:
            run, more = await self._run(fault, Running(self.servers, installation, keeper))
        except NeverQuietError as error:
            findings, observation, redelivered = [Finding(Kind.LOST, "the end of the run", 1, str(error))], {}, 0
        else:
            observation = run.topics.sections() | run.tables.sections()
            findings = check(run) + ([] if undisturbed is None else compare(undisturbed, observation))
            redelivered = run.topics.redelivered
            events += more
        finally:
            installation.end()
        drop_database(self.servers.postgres.url, name)
        outcome = Outcome(
            fault=fault.name,
            events=events,
            deaths=keeper.deaths,
            redelivered=redelivered,
            findings=findings,
            notes=[*fault.notes(keeper.deaths), *(f"{what}, {count} times" for what, count in keeper.failures.items())],
            seconds=time.monotonic() - started,
        )
        return outcome, observation

    async def _run(self, fault: Fault, running: Running) -> tuple[Run, int]:
        """What it left behind, and of how many records and decisions the aftermath was."""
        chance = random.Random(f"{self.seed} {fault.name}")
        installation, keeper = running.installation, running.keeper
        await installation.prepare()
        keeper.start(*SUBSCRIPTIONS)
        keeping = asyncio.create_task(keeper.run())
        try:
            await installation.ready(*SUBSCRIPTIONS)
            for part, records in (
                (Part.FIRST_HALF, self.workload.first_half),
                (Part.SECOND_HALF, self.workload.second_half),
            ):
                self.say(f"{fault.name}: {part}, {len(records)} records")
                await _disturbed(fault, replace(running, part=part), chance, running.feed(records))
            third = aftermath(self.workload, await read_topics(installation.connection))
            self.say(f"{fault.name}: {Part.AFTERMATH}, {len(third.reports)} records, {len(third.decisions)} decisions")
            await _disturbed(fault, replace(running, part=Part.AFTERMATH), chance, _follow(running, third))
            await running.feed(self.workload.end)
            ends = await until_quiet(installation)
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping
        run = Run(await read_topics(installation.connection), await read_tables(installation.database_url), ends)
        return run, len(third.reports) + len(third.decisions)


async def _disturbed(
    fault: Fault, running: Running, chance: random.Random, working: Coroutine[None, None, object]
) -> None:
    """A part of the workload with the fault in it, to its rest."""
    task = asyncio.create_task(working)
    await fault.strike(running, chance)
    await task
    await until_quiet(running.installation)


async def _follow(running: Running, third: Aftermath) -> None:
    """Agents report slowly, while people decide, one thing after the other."""

    async def decide_all() -> None:
        for decision in third.decisions:
            await decide(running.installation, decision)
            await asyncio.sleep(DECISION_SECONDS)

    await asyncio.gather(running.feed(third.reports, at_once=FEW, then=FEW), decide_all())
