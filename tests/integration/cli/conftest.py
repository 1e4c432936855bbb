"""A broker for letters."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from autodev.events.catalogue import (
    AGENT_GRANTED,
    DEAD_LETTER_HANDLED,
    SKILL_PROMOTED,
    SUBSCRIPTIONS,
    TASK_REPORTED,
    dead_letter_topic,
)
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.topics import apply_topics
from tests.integration.cli.post import Post

TOPICS = (TASK_REPORTED, AGENT_GRANTED, SKILL_PROMOTED, DEAD_LETTER_HANDLED, *map(dead_letter_topic, SUBSCRIPTIONS))


@pytest.fixture
def post(kafka_bootstrap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Post:
    """The session's broker with topics under a prefix of this test's own."""
    prefix = f"dlq-{uuid4().hex[:8]}."
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTODEV_KAFKA__BOOTSTRAP_SERVERS", kafka_bootstrap)
    monkeypatch.setenv("AUTODEV_KAFKA__TOPIC_PREFIX", prefix)
    monkeypatch.setenv("AUTODEV_USER", "anna")
    connection = KafkaConnection(kafka_bootstrap, "test", prefix)
    asyncio.run(apply_topics(connection, TOPICS))
    return Post(connection)
