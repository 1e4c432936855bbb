"""Two releases at once: schemas of events and of databases change while services run, in either order."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx2
import pytest

from autodev.events.binary import to_record
from autodev.events.catalogue import (
    CANDIDATES_EXECUTED,
    CANDIDATES_PROPOSED,
    SKILL_PROMOTED,
    SUBSCRIPTIONS,
    Topic,
    dead_letter_topic,
    event_type,
)
from autodev.events.envelope import new_event
from autodev.events.models.workspace import AutoDevSettings, WorkspaceConfigured
from autodev.ids import TenantId
from autodev.service.migrations import revision
from autodev.stream.kafka.log import read
from autodev.stream.kafka.publisher import KafkaPublisher
from deploy.local.postgres.databases import create_database
from tests.e2e.failing_agent import SKILLS, opted_in, work
from tests.e2e.installation import Installation, eventually, running
from tests.e2e.release import COMMAND, Release

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.isolation, pytest.mark.timeout(600)]

SERVICES = tuple(SUBSCRIPTIONS)
CALLS = 45
PROPOSED = event_type("dev.autodev.candidates.proposed.v1")
FOLLOWING = {name: f"{int(revision.newest(name)) + 1:04d}" for name in ("fitness", "ingestion")}
MIGRATION = '''"""One more column."""

import sqlalchemy as sa
from alembic import op

revision = "{following}"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("{table}", sa.Column("note", sa.Text()), schema="{service}")
'''


@dataclass(frozen=True)
class Upgraded:
    """An installation that runs today's release, and the next one beside it."""

    installed: Installation
    following: Release

    async def run(self, *names: str, following: bool) -> None:
        """Have these services, and any replica of them, run one of the two releases."""
        self.installed.stop(*(name for name in self.installed.processes if name.partition("-")[0] in names))
        self.installed.start(*names, **(self.following.environment if following else {}))
        await self.installed.ready(*names)

    async def fixes(self, tenant: str) -> None:
        """A tenant's failures become promotions, whoever runs what."""
        await self.installed.report([*opted_in(tenant), *work(tenant, CALLS)])

        async def promoted() -> bool:
            return {data.skill for data in await self.installed.data_of(SKILL_PROMOTED, tenant)} == set(SKILLS)

        await eventually(promoted, f"{tenant} is fixed")

    async def data(self, topic: Topic, tenant: str) -> list[dict[str, Any]]:
        """A tenant's data as they are on the topic, whatever our models know."""
        return [data for data, _ in await self.records(topic) if data.get("tenant_id") == tenant]

    async def records(self, topic: Topic) -> list[tuple[dict[str, Any], dict[str, str]]]:
        """Data and headers."""
        reading = read(self.installed.connection, [topic.name], from_start=True, until_end=True)
        return [
            (json.loads(record.value or b"{}"), {name: (value or b"").decode() for name, value in record.headers})
            async for record in reading
        ]

    async def letters(self) -> int:
        return sum([len(await self.records(dead_letter_topic(group))) for group in SERVICES])

    async def command(self, *arguments: str) -> str:
        """The next release's command line."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "autodev", *arguments),
            env=os.environ | self.installed.settings | self.following.environment,
            stdout=PIPE,
            stderr=STDOUT,
        )
        told = (await process.communicate())[0].decode()
        assert process.returncode == 0, told
        return told

    async def notes(self, tenant: str) -> set[str | None]:
        database = await asyncpg.connect(self.installed.database_url, timeout=10)
        try:
            rows = await database.fetch("SELECT note FROM fitness.candidate WHERE tenant_id = $1", tenant)
        finally:
            await database.close(timeout=5)
        return {row["note"] for row in rows}

    async def readiness(self, name: str) -> dict[str, Any]:
        async with httpx2.AsyncClient() as client:
            try:
                answer = await client.get(f"{self.installed.url(name)}/readyz?verbose", timeout=5)
            except httpx2.HTTPError:
                return {}
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
def upgraded(kafka_bootstrap: str, postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    name = f"upgrade-{uuid4().hex}"
    logs: Path = tmp_path_factory.mktemp("upgrade")
    installed = Installation(kafka_bootstrap, create_database(postgres_url, name), f"{name}.", logs, COMMAND)
    with running(installed, *SERVICES):
        yield Upgraded(installed, _following(tmp_path_factory.mktemp("following") / "tree"))


def _following(directory: Path) -> Release:
    """Generations gain an optional property, settings a new major version, and two tables a column."""
    release = Release(directory)
    search = "autodev/events/models/search.py"
    release.edit(
        search,
        '''    """Code hash of the promoted version they grew from; a promotion compares and sets it."""\n''',
        '''    """Code hash of the promoted version they grew from; a promotion compares and sets it."""\n'''
        "    channel: ShortText | None = None\n",
    )
    release.edit(
        "services/proposals/domain/generation.py",
        "        base_promoted=base.promoted,\n",
        '        base_promoted=base.promoted,\n        channel="steady",\n',
    )
    catalogue = "autodev/events/catalogue.py"
    release.edit(
        catalogue,
        f"CANDIDATES_PROPOSED, CandidatesProposed, minor={PROPOSED.minor})",
        f"CANDIDATES_PROPOSED, CandidatesProposed, minor={PROPOSED.minor + 1})",
    )
    release.edit(
        catalogue,
        '    EventType("dev.autodev.workspace.configured.v1",',
        '    EventType("dev.autodev.workspace.configured.v2", WORKSPACE_CONFIGURED, WorkspaceConfigured),\n'
        '    EventType("dev.autodev.workspace.configured.v1",',
    )
    for service, table in (("fitness", "candidate"), ("ingestion", "workspace")):
        following, newest = FOLLOWING[service], revision.newest(service)
        migration = MIGRATION.format(following=following, newest=newest, table=table, service=service)
        release.add(f"services/{service}/migrations/{following}_note.py", migration)
    release.edit(
        "services/fitness/tables.py",
        '    Column("decided_by", Text),\n',
        '    Column("decided_by", Text),\n    Column("note", Text),\n',
    )
    release.edit(
        "services/fitness/store.py",
        '        "decided_by": decided_by,\n',
        '        "decided_by": decided_by,\n        "note": "of the next release",\n',
    )
    return release


@pytest.mark.parametrize(("first", "second"), [("proposals", "sandbox"), ("sandbox", "proposals")])
async def test_a_property_is_added_by_producers_and_consumers_in_either_order(
    upgraded: Upgraded, first: str, second: str
) -> None:
    """Proposals writes it, sandbox passes it on, fitness and console are of today's release all the time."""
    letters = await upgraded.letters()
    await upgraded.run(first, following=True)
    await upgraded.fixes(f"{first}-first")
    proposed = await upgraded.data(CANDIDATES_PROPOSED, f"{first}-first")
    executed = await upgraded.data(CANDIDATES_EXECUTED, f"{first}-first")
    assert {data.get("channel") for data in proposed} == {"steady" if first == "proposals" else None}
    assert {data.get("channel") for data in executed} == {None}

    await upgraded.run(second, following=True)
    await upgraded.fixes(f"{second}-too")
    assert {data["channel"] for data in await upgraded.data(CANDIDATES_EXECUTED, f"{second}-too")} == {"steady"}
    headers = [said for data, said in await upgraded.records(CANDIDATES_PROPOSED) if data.get("channel")]
    assert {said["ce_dataschema"] for said in headers} == {replace(PROPOSED, minor=PROPOSED.minor + 1).schema_id}
    assert await upgraded.letters() == letters
    await upgraded.run(first, second, following=False)


async def test_replicas_of_two_releases_share_the_work(upgraded: Upgraded) -> None:
    letters = await upgraded.letters()
    upgraded.installed.start("proposals-2", "sandbox-2", **upgraded.following.environment)
    await upgraded.installed.ready("proposals-2", "sandbox-2")
    for number in range(2):
        await upgraded.fixes(f"mixed-{number}")
    assert await upgraded.letters() == letters
    assert upgraded.installed.stop("proposals-2", "sandbox-2") == [0, 0]


async def test_an_unknown_major_version_waits_in_the_dead_letters_for_who_knows_it(upgraded: Upgraded) -> None:
    readers = [group for group in SERVICES if any("settings" in topic.name for topic in SUBSCRIPTIONS[group])]
    settings = AutoDevSettings(failure_threshold=7)
    record = to_record(
        new_event(
            WorkspaceConfigured(tenant_id=TenantId("major"), settings=settings, changed_by="ann"),
            source="/services/console",
        )
    )
    headers = tuple(
        (name, b"dev.autodev.workspace.configured.v2" if name == "ce_type" else value)
        for name, value in record.headers
        if name != "ce_dataschema"
    )
    publisher = KafkaPublisher(upgraded.installed.connection)
    await publisher.publish([replace(record, headers=headers)])
    await publisher.stop()

    async def refused() -> bool:
        found = [await upgraded.records(dead_letter_topic(group)) for group in readers]
        return all("major" in str(letters) for letters in found)

    await eventually(refused, "every reader of today gives the record up")
    await upgraded.command("db", "upgrade", "ingestion")
    await upgraded.run(*readers, following=True)
    await upgraded.command("dlq", "redrive", "--tenant", "major", "--yes", "--by", "ann")

    async def threshold() -> int | None:
        database = await asyncpg.connect(upgraded.installed.database_url, timeout=10)
        try:
            found: int | None = await database.fetchval(
                "SELECT failure_threshold FROM ingestion.workspace WHERE tenant_id = 'major'"
            )
        finally:
            await database.close(timeout=5)
        return found

    assert await eventually(threshold, "the redriven record is in effect") == 7
    await upgraded.run(*readers, following=False)


async def test_code_that_comes_before_its_migration_waits_for_it_and_goes_on_by_itself(upgraded: Upgraded) -> None:
    upgraded.installed.start("fitness-2", **upgraded.following.environment)

    async def waits() -> str:
        checks = (await upgraded.readiness("fitness-2")).get("checks", {})
        told = str(checks.get("database", ""))
        return told if "revision" in told else ""

    told = await eventually(waits, "the new replica says what it waits for")
    assert f"the code needs {FOLLOWING['fitness']}: run 'autodev db upgrade'" in told
    await upgraded.fixes("code-first")
    await upgraded.command("db", "upgrade", "fitness")
    await upgraded.installed.ready("fitness-2")
    await upgraded.run("fitness", following=True)
    await upgraded.fixes("migrated")
    assert await upgraded.notes("migrated") == {"of the next release"}


async def test_todays_code_runs_on_a_database_that_is_migrated_already(upgraded: Upgraded) -> None:
    await upgraded.command("db", "upgrade", "fitness")
    await upgraded.run("fitness", following=False)
    await upgraded.fixes("migration-first")
    assert await upgraded.notes("migration-first") == {None}
    assert (await upgraded.readiness("fitness"))["ready"]

    upgraded.installed.start("fitness-2", **upgraded.following.environment)
    await upgraded.installed.ready("fitness-2")
    written: set[str | None] = set()
    for number in range(8):  # which replica has a case is decided by its id
        await upgraded.fixes(f"both-{number}")
        written |= await upgraded.notes(f"both-{number}")
        if len(written) == 2:
            break
    assert written == {None, "of the next release"}
