"""What a rebuild does when something is missing: rows not yet published, a database, old records, the journal."""

from __future__ import annotations

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from sqlalchemy import text

from autodev.events.catalogue import EPISODE_RECORDED, FAILURE_BATCHED, INPUT_HANDLED, TASK_REPORTED, Topic
from autodev.rebuild.errors import ServiceRunningError
from autodev.rebuild.report import Progress
from autodev.stream.postgres.relay import lock_key
from services.ingestion.app import SERVICE
from tests.integration.rebuild.workplace import Workplace, failures

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


async def _forget(workplace: Workplace, topic: Topic, before: int) -> None:
    """Delete the records below that offset of every partition, as retention does."""
    connection = workplace.settings.kafka.connection("test")
    records = {
        TopicPartition(connection.physical(topic.name), record.partition): RecordsToDelete(
            min(before, record.offset + 1)
        )
        for record in await workplace.written(topic)
    }
    admin = AIOKafkaAdminClient(bootstrap_servers=connection.bootstrap_servers)
    await admin.start()
    try:
        await admin.delete_records(records)
    finally:
        await admin.close()


async def test_what_waits_in_the_outbox_goes_out_first_and_once(workplace: Workplace) -> None:
    await workplace.report(failures(3))
    await workplace.work(3, relaying=False)
    waiting = len(await workplace.waiting())
    assert (await workplace.rebuild()).relayed == waiting > 3
    assert len(await workplace.written(EPISODE_RECORDED)) == 3
    again = await workplace.rebuild()
    assert (again.relayed, again.to_send, again.warnings) == (0, 0, ())
    assert len(await workplace.written(EPISODE_RECORDED)) == 3


async def test_what_a_relay_published_and_did_not_mark_does_not_go_out_again(workplace: Workplace) -> None:
    await workplace.report(failures(2))
    await workplace.work(2, relaying=False)
    await workplace.publisher.publish(await workplace.waiting())
    await workplace.rebuild()
    assert len(await workplace.written(EPISODE_RECORDED)) == 2
    assert await workplace.waiting() == []


async def test_what_a_lost_database_never_published_is_in_the_new_outbox(workplace: Workplace) -> None:
    await workplace.report(failures(2))
    await workplace.work(2, relaying=False)
    # A relay that dies in the middle of a batch: partitions are written independently of each other.
    arrived = [record for record in await workplace.waiting() if record.topic != FAILURE_BATCHED.name]
    lost = [record for record in await workplace.waiting() if record.topic == FAILURE_BATCHED.name]
    await workplace.publisher.publish(arrived)
    await workplace.lose_the_database()
    report = await workplace.rebuild()
    assert report.to_send == len(lost)
    assert [(record.key, record.value) for record in await workplace.waiting()] == [
        (record.key, record.value) for record in lost
    ]


async def test_what_was_never_journaled_is_left_to_the_service(workplace: Workplace) -> None:
    await workplace.report(failures(2))
    await workplace.work(2)
    before = await workplace.rows()
    await workplace.report(failures(1, "globex"))
    await workplace.lose_the_database()
    report = await workplace.rebuild()
    assert (report.left, report.to_send) == (1, 0)
    assert await workplace.rows() == before
    await workplace.work(3)
    assert len(await workplace.written(EPISODE_RECORDED)) == 3


async def test_a_rebuild_that_fails_leaves_the_tables_as_they_were(workplace: Workplace) -> None:
    def fail(_progress: Progress) -> None:
        raise ConnectionError("the broker went away")

    await workplace.report(failures(3))
    await workplace.work(3)
    before = await workplace.rows()
    with pytest.raises(ConnectionError):
        await workplace.rebuild(tell=fail)
    assert await workplace.rows() == before


async def test_records_that_are_gone_are_named_in_a_warning(workplace: Workplace) -> None:
    await workplace.report(failures(3))
    await workplace.work(3)
    await _forget(workplace, TASK_REPORTED, 1)
    report = await workplace.rebuild(commit=False)
    assert report.rows["episode"] == 2
    assert [warning.partition(":")[0] for warning in report.warnings] == [
        f"{TASK_REPORTED.name}[{(await workplace.written(TASK_REPORTED))[0].partition}] starts at offset 1"
    ]


async def test_outputs_that_are_gone_do_not_go_out_again(workplace: Workplace) -> None:
    await workplace.report(failures(3))
    await workplace.work(3)
    await _forget(workplace, EPISODE_RECORDED, 99)
    report = await workplace.rebuild()
    assert (report.to_send, report.emissions - report.on_topics) == (0, 3)


async def test_without_a_journal_records_are_taken_in_the_order_of_their_times(workplace: Workplace) -> None:
    await workplace.report(failures(3))
    await workplace.work(3)
    before = await workplace.rows()
    await _forget(workplace, INPUT_HANDLED, 99)
    await workplace.lose_the_database()
    report = await workplace.rebuild()
    assert await workplace.rows() == before
    assert any("there is no journal" in warning for warning in report.warnings)


async def test_a_service_whose_relay_runs_elsewhere_is_not_rebuilt(workplace: Workplace) -> None:
    await workplace.report(failures(1))
    await workplace.work(1)
    async with workplace.engine.connect() as other:
        await other.execute(text("SELECT pg_advisory_lock(:key)"), {"key": lock_key(SERVICE.name)})
        with pytest.raises(ServiceRunningError, match="relays the outbox"):
            await workplace.rebuild()
