"""Every service's tables, made again from the topics of a real run: row for row what they were."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from functools import partial
from uuid import uuid4

import pytest

from autodev.events.binary import from_record
from autodev.events.catalogue import (
    APPROVAL_REQUESTED,
    CANDIDATES_EXECUTED,
    SKILL_PROMOTED,
    SKILL_WITHDRAWN,
    SUBSCRIPTIONS,
)
from autodev.events.models.agent import SkillExecutionEvent
from autodev.events.models.case import ApprovalDecided, SkillPromoted, WithdrawalRequested
from autodev.events.models.workspace import Maturity
from autodev.events.record import OutgoingRecord
from autodev.ids import SkillName, TenantId
from autodev.stream.kafka.log import read
from autodev.stream.kafka.publisher import KafkaPublisher
from deploy.local.postgres.databases import create_database
from tests.chaos.quiet import log_ends, until_quiet
from tests.e2e.failing_agent import SKILLS, opted_in, work
from tests.e2e.installation import Installation, eventually
from tests.e2e.rebuilding import empty, rebuild, tables_of

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.isolation, pytest.mark.timeout(600)]

SERVICES = tuple(SUBSCRIPTIONS)
CALLS = 60
REPLICAS = ("proposals-2", "fitness-2")


@pytest.fixture(scope="module")
def stopped(
    kafka_bootstrap: str, postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """An installation that has worked, and whose services are stopped."""
    name = f"rebuild-{uuid4().hex}"
    database = create_database(postgres_url, name)
    installed = Installation(kafka_bootstrap, database, f"{name}.", tmp_path_factory.mktemp("rebuild"))
    try:
        asyncio.run(_work(installed))
        yield installed
    finally:
        installed.end()


async def _work(installed: Installation) -> None:
    await installed.prepare()
    everyone = (*SERVICES, *REPLICAS)
    installed.start(*everyone)
    await installed.ready(*everyone)
    # The settings of one tenant come last, so that its cases wait for them.
    late = opted_in("late")
    await installed.report([*opted_in("free"), *opted_in("asked", Maturity.SUPERVISED), *opted_in("thin")])
    streams = [list(work(tenant, CALLS)) for tenant in ("free", "asked", "late")]
    await installed.report(event for together in zip(*streams, strict=True) for event in together)
    await installed.report(work("thin", 12))
    await _report_rubbish(installed)
    await installed.report(late)
    await eventually(partial(_promoted, installed, "free"), "what may be promoted by itself is")
    await eventually(partial(_promoted, installed, "late"), "what waited for settings is promoted")
    await installed.report(await eventually(partial(_decisions, installed), "every fix of a supervised agent asks"))
    await eventually(partial(_promoted, installed, "asked", *SKILLS[:2]), "what was approved is promoted")
    tenant = TenantId("free")
    await installed.report(
        [WithdrawalRequested(tenant_id=tenant, skill=SkillName("half"), requested_by="ann", reason="wrong")]
    )
    await installed.report(work("free", 60, first=CALLS))
    await installed.report(await _failing_under_its_fix(installed, "late", "share"))
    await eventually(partial(installed.data_of, SKILL_WITHDRAWN, "late"), "a version that fails is rolled back")
    await until_quiet(installed)
    codes = installed.stop(*everyone)
    assert set(codes) == {0}, codes


async def _promoted(installed: Installation, tenant: str, *skills: str) -> bool:
    return {data.skill for data in await installed.data_of(SKILL_PROMOTED, tenant)} >= set(skills or SKILLS)


async def _decisions(installed: Installation) -> list[ApprovalDecided]:
    """Yes to all but one."""
    asked = await installed.data_of(APPROVAL_REQUESTED, "asked")
    return [
        ApprovalDecided(
            tenant_id=data.tenant_id,
            case_id=data.case_id,
            candidate_id=data.candidate_id,
            approved=data.skill.name != "name_of",
            reviewer="ann",
        )
        for data in asked
    ] * (len(asked) == len(SKILLS))


async def _failing_under_its_fix(installed: Installation, tenant: str, skill: str) -> list[SkillExecutionEvent]:
    """Failures of a skill as an agent reports them that has loaded its promoted version."""
    versions: list[SkillPromoted] = await installed.data_of(SKILL_PROMOTED, tenant)
    version = next(each for each in versions if each.skill == skill)
    again = [data for data in work(tenant, CALLS, first=CALLS) if isinstance(data, SkillExecutionEvent)]
    return [
        data.model_copy(update={"skill": data.skill.model_copy(update={"promoted": version.code_hash})})
        for data in again
        if data.skill is not None and data.skill.name == skill and not data.success
    ]


async def _report_rubbish(installed: Installation) -> None:
    """What every service gives up; not on topics that this test reads itself."""
    publisher = KafkaPublisher(installed.connection)
    own = {APPROVAL_REQUESTED, CANDIDATES_EXECUTED, SKILL_PROMOTED, SKILL_WITHDRAWN}
    topics = sorted({topic.name for service in SERVICES for topic in SUBSCRIPTIONS[service] if topic not in own})
    try:
        await publisher.publish([OutgoingRecord(topic, b"key", b"{", timestamp_ms=None) for topic in topics])
    finally:
        await publisher.stop()


@pytest.mark.parametrize("service", SERVICES)
async def test_a_rebuild_gives_the_same_rows_and_publishes_nothing(stopped: Installation, service: str) -> None:
    before, ends = await tables_of(stopped, service), await log_ends(stopped.connection)
    answer = await rebuild(stopped, service, "--yes")
    assert answer.exit_code == 0, answer.told
    assert await tables_of(stopped, service) == before
    assert await log_ends(stopped.connection) == ends
    report = answer.report
    assert (report["committed"], report["warnings"], report["left"]) == (True, [], 0)
    assert (report["to_send"], report["differing"], report["on_topics"]) == (0, 0, report["emissions"])


@pytest.mark.parametrize("service", SERVICES)
async def test_a_lost_database_is_made_again_from_the_topics_alone(stopped: Installation, service: str) -> None:
    before = await tables_of(stopped, service)
    await empty(stopped, service)
    answer = await rebuild(stopped, service, "--yes")
    assert answer.exit_code == 0, answer.told
    assert await tables_of(stopped, service) == before
    assert answer.report["to_send"] == 0


async def test_a_dry_run_leaves_everything_as_it_is(stopped: Installation) -> None:
    await empty(stopped, "fitness")
    answer = await rebuild(stopped, "fitness", "--dry-run")
    assert answer.exit_code == 0, answer.told
    assert answer.report["rows"]["skill"] > 0
    assert not answer.report["committed"]
    assert not any((await tables_of(stopped, "fitness")).values())
    assert (await rebuild(stopped, "fitness", "--yes")).exit_code == 0


async def test_a_running_service_is_not_rebuilt(stopped: Installation) -> None:
    stopped.start("console")
    await stopped.ready("console")
    before = await tables_of(stopped, "console")
    answer = await rebuild(stopped, "console", "--yes")
    assert answer.exit_code == 4
    assert "stop every process" in answer.told
    assert await tables_of(stopped, "console") == before
    assert stopped.stop("console") == [0]


async def test_services_that_were_rebuilt_go_on_and_do_nothing_twice(stopped: Installation) -> None:
    for service in SERVICES:
        await empty(stopped, service)
        assert (await rebuild(stopped, service, "--yes")).exit_code == 0
    before = await _done(stopped)
    stopped.start(*SERVICES)
    await stopped.ready(*SERVICES)
    await stopped.report([*opted_in("after"), *work("after", CALLS)])
    await eventually(partial(_promoted, stopped, "after"), "a rebuilt system fixes what fails")
    await until_quiet(stopped)
    assert await _done(stopped) == before
    assert set(stopped.stop(*SERVICES)) == {0}


async def _done(installed: Installation) -> Counter[tuple[str, str]]:
    """What was run and promoted before any rebuild: type and id of each event, as often as it was published."""
    found: Counter[tuple[str, str]] = Counter()
    topics = [CANDIDATES_EXECUTED.name, SKILL_PROMOTED.name]
    async for record in read(installed.connection, topics, from_start=True, until_end=True):
        event = from_record(record)
        if not event.key.startswith("after/") and getattr(event.data, "tenant_id", None) != "after":
            found[event.type.name, event.id] += 1
    return found
