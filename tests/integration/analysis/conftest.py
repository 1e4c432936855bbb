"""The real service on a database and topics of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from pydantic import SecretStr

from autodev.events.catalogue import TOPICS
from autodev.service.database import create_engine
from autodev.service.migrations import history
from autodev.service.settings import DatabaseSettings
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.topics import apply_topics
from tests.integration.analysis.installation import Installation
from tests.integration.analysis.worker import Workers


@pytest.fixture
async def installation(kafka_bootstrap: str, database_url: str) -> AsyncIterator[Installation]:
    connection = KafkaConnection(kafka_bootstrap, "test", f"{uuid4().hex[:8]}.")
    await apply_topics(connection, TOPICS)
    engine = create_engine(DatabaseSettings(url=SecretStr(database_url)), "analysis")
    await history.upgrade(engine, "analysis")
    await engine.dispose()
    producer = AIOKafkaProducer(bootstrap_servers=kafka_bootstrap, linger_ms=0)
    await producer.start()
    yield Installation(connection, database_url, producer)
    await producer.stop()


@pytest.fixture
async def workers(installation: Installation) -> AsyncIterator[Workers]:
    made = Workers(installation)
    yield made
    await made.kill_all()
