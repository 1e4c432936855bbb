"""The ids that Kafka gives topics: a topic that was made anew under its old name has another one.

The client knows metadata up to version 5 only; ids come with version 10 (KIP-516), which every broker since 2.8 speaks
(https://kafka.apache.org/protocol#The_Messages_Metadata).
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from aiokafka.errors import BrokerNotAvailableError, KafkaError, UnknownTopicOrPartitionError, for_code
from aiokafka.protocol.abstract import AbstractType
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Boolean, CompactArray, CompactString, Int16, Int32, Schema, TaggedFields

from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.ports import LogId

_KEY: Final = 3
_VERSION: Final = 12
_NOBODY: Final = UUID(int=0)


class _Uuid(AbstractType):  # type: ignore[misc]  # aiokafka ships no types
    @classmethod
    def encode(cls, value: UUID) -> bytes:
        return value.bytes

    @classmethod
    def decode(cls, data: BytesIO) -> UUID:
        return UUID(bytes=data.read(16))


class _MetadataResponse(Response):  # type: ignore[misc]
    API_KEY = _KEY
    API_VERSION = _VERSION
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            CompactArray(
                ("node_id", Int32),
                ("host", CompactString()),
                ("port", Int32),
                ("rack", CompactString()),
                ("tags", TaggedFields),
            ),
        ),
        ("cluster_id", CompactString()),
        ("controller_id", Int32),
        (
            "topics",
            CompactArray(
                ("error_code", Int16),
                ("name", CompactString()),
                ("topic_id", _Uuid),
                ("is_internal", Boolean),
                (
                    "partitions",
                    CompactArray(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", CompactArray(Int32)),
                        ("isr", CompactArray(Int32)),
                        ("offline_replicas", CompactArray(Int32)),
                        ("tags", TaggedFields),
                    ),
                ),
                ("authorized_operations", Int32),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _MetadataRequest(RequestStruct):  # type: ignore[misc]
    FLEXIBLE_VERSION = True
    API_KEY = _KEY
    API_VERSION = _VERSION
    RESPONSE_TYPE = _MetadataResponse
    SCHEMA = Schema(
        ("topics", CompactArray(("topic_id", _Uuid), ("name", CompactString()), ("tags", TaggedFields))),
        ("allow_auto_topic_creation", Boolean),
        ("include_authorized_operations", Boolean),
        ("tags", TaggedFields),
    )


class _TopicIds(Request[_MetadataRequest]):  # type: ignore[misc]
    API_KEY = _KEY

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def build(self, request: type[_MetadataRequest]) -> _MetadataRequest:
        return request(
            topics=[(_NOBODY, name, {}) for name in self._names],
            allow_auto_topic_creation=False,
            include_authorized_operations=False,
            tags={},
        )


async def topic_ids(consumer: Any, connection: KafkaConnection, topics: Collection[str]) -> Mapping[str, LogId | None]:
    """The present id of each of `topics`, by its name in the catalogue; None for those that the broker does not have.

    Every broker that `consumer` knows is asked until one answers.

    Raises:
        KafkaError: none does, or it refuses.
    """
    client = consumer._client  # noqa: SLF001 - there is no public way to the ids
    names = [connection.physical(topic) for topic in topics]
    nodes = [broker.nodeId for broker in client.cluster.brokers()]
    failure: KafkaError = BrokerNotAvailableError("no broker is known")
    for node in random.sample(nodes, len(nodes)):
        try:
            response = await client.send(node, _TopicIds(names))
        except KafkaError as error:
            failure = error
        else:
            return {connection.logical(name): _id(error, name, found) for error, name, found, *_ in response.topics}
    raise failure


def _id(error: int, name: str, found: UUID) -> LogId | None:
    if error == UnknownTopicOrPartitionError.errno:
        return None
    if found == _NOBODY:
        raise for_code(error)(f"the broker does not tell the id of topic {name}")
    return LogId(found)
