"""The real servers behave as the fixtures and the fault tests rely on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local.broker import answers, start_kafka
from deploy.local.database import start_postgres
from deploy.local.processes.command import Command
from deploy.local.processes.server import Server, ServerFailedError


async def _create_topic(bootstrap: str, name: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, num_partitions=2, replication_factor=1)])
    finally:
        await admin.close()


async def _send(bootstrap: str, topic: str, value: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True) as producer:
        await producer.send_and_wait(topic, value)


async def _receive(bootstrap: str, topic: str) -> bytes:
    async with AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest") as consumer:
        record = await asyncio.wait_for(consumer.getone(), timeout=20)
        assert record.value is not None
        return bytes(record.value)


@pytest.mark.kafka
async def test_a_record_sent_to_the_broker_comes_back(kafka_bootstrap: str) -> None:
    await _create_topic(kafka_bootstrap, "local.round-trip.v1")
    await _send(kafka_bootstrap, "local.round-trip.v1", b"hello")
    assert await _receive(kafka_bootstrap, "local.round-trip.v1") == b"hello"


@pytest.mark.kafka
async def test_the_broker_creates_no_topic_by_itself(kafka_bootstrap: str) -> None:
    async with AIOKafkaConsumer(bootstrap_servers=kafka_bootstrap) as consumer:
        consumer.subscribe(["nobody.made.this.v1"])
        await consumer.getmany(timeout_ms=200)
        assert "nobody.made.this.v1" not in await consumer.topics()


@pytest.mark.kafka
async def test_a_killed_broker_comes_back_with_its_port_and_records(tmp_path: Path) -> None:
    kafka = start_kafka(tmp_path)
    try:
        await _create_topic(kafka.bootstrap, "survives.v1")
        await _send(kafka.bootstrap, "survives.v1", b"still here")
        kafka.kill()
        assert not answers(kafka.bootstrap)
        kafka.restart()
        assert await _receive(kafka.bootstrap, "survives.v1") == b"still here"
    finally:
        kafka.stop()


@pytest.mark.kafka
def test_a_paused_broker_answers_nothing_until_it_is_resumed(tmp_path: Path) -> None:
    kafka = start_kafka(tmp_path)
    try:
        kafka.pause()
        assert not answers(kafka.bootstrap)
        kafka.resume()
        assert answers(kafka.bootstrap)
    finally:
        kafka.stop()


@pytest.mark.postgres
async def test_every_commit_is_durable(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        assert await connection.fetchval("show synchronous_commit") == "on"
        assert await connection.fetchval("show fsync") == "on"
    finally:
        await connection.close()


@pytest.mark.postgres
@pytest.mark.parametrize("attempt", [1, 2])
async def test_each_test_gets_an_empty_database(database_url: str, attempt: int) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("create table left_behind (id int)")
    finally:
        await connection.close()


@pytest.mark.postgres
async def test_a_wrong_password_is_refused(database_url: str) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(database_url, password="guessed")


@pytest.mark.postgres
async def test_a_killed_server_comes_back_with_what_was_committed(server_directory: Path) -> None:
    postgres = start_postgres(server_directory / "killed")
    try:
        connection = await asyncpg.connect(postgres.url)
        await connection.execute("create table kept (id int)")
        await connection.execute("insert into kept values (7)")
        postgres.kill()
        postgres.restart()
        await connection.close()
        connection = await asyncpg.connect(postgres.url)
        assert await connection.fetchval("select id from kept") == 7
        await connection.close()
    finally:
        postgres.stop()


@pytest.mark.postgres
async def test_a_paused_server_freezes_the_connections_it_already_has(server_directory: Path) -> None:
    postgres = start_postgres(server_directory / "paused")
    try:
        connection = await asyncpg.connect(postgres.url)
        postgres.pause()
        query = asyncio.ensure_future(connection.fetchval("select 1"))
        done, _ = await asyncio.wait([query], timeout=0.3)
        assert not done
        postgres.resume()
        assert await query == 1
        await connection.close()
    finally:
        postgres.stop()


def test_a_stopped_server_says_so_when_it_is_disturbed(tmp_path: Path) -> None:
    server = Server("sleeper", Command(("/bin/sleep", "60")), tmp_path / "log", lambda: True, timeout=5)
    server.start()
    server.stop()
    with pytest.raises(ServerFailedError, match="sleeper is not running"):
        server.pause()
