"""Topics on the broker, made from the catalogue and never by accident."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from autodev.events.catalogue import Topic
from autodev.stream.kafka.connection import KafkaConnection


class TopicState(StrEnum):
    CREATED = "created"
    PRESENT = "present"
    MISSING = "missing"


@dataclass(frozen=True)
class TopicReport:
    topic: Topic
    state: TopicState


async def apply_topics(
    connection: KafkaConnection, topics: Sequence[Topic], *, replication: int = 1
) -> list[TopicReport]:
    """Create those of `topics` that the broker does not have; the others stay as they are.

    Raises:
        KafkaError: the broker is away or refuses.
    """
    async with _admin(connection) as admin:
        present = set(await admin.list_topics())
        missing = [topic for topic in topics if connection.physical(topic.name) not in present]
        if missing:
            await admin.create_topics([_new(connection, topic, replication) for topic in missing])
    return [TopicReport(topic, TopicState.CREATED if topic in missing else TopicState.PRESENT) for topic in topics]


async def check_topics(connection: KafkaConnection, topics: Sequence[Topic]) -> list[TopicReport]:
    """Which of `topics` the broker has."""
    async with _admin(connection) as admin:
        present = set(await admin.list_topics())
    return [
        TopicReport(topic, TopicState.PRESENT if connection.physical(topic.name) in present else TopicState.MISSING)
        for topic in topics
    ]


def _new(connection: KafkaConnection, topic: Topic, replication: int) -> NewTopic:
    return NewTopic(
        name=connection.physical(topic.name),
        num_partitions=topic.partitions,
        replication_factor=replication,
        topic_configs={
            "cleanup.policy": topic.cleanup.value,
            "retention.ms": str(int(topic.retention.total_seconds() * 1000)),
            "max.message.bytes": str(topic.max_bytes),
            "message.timestamp.type": "CreateTime",
        },
    )


class _admin:  # noqa: N801 - reads as a function at the call
    def __init__(self, connection: KafkaConnection) -> None:
        self._client = AIOKafkaAdminClient(
            bootstrap_servers=connection.bootstrap_servers, client_id=connection.client_id
        )

    async def __aenter__(self) -> AIOKafkaAdminClient:
        try:
            await self._client.start()
        except BaseException:
            await self._client.close()
            raise
        return self._client

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()
