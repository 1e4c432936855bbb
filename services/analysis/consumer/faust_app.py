"""Faust with every setting that matters. Its defaults open a port on 0.0.0.0, make topics, and wait for 20 minutes."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

import faust
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from autodev.stream.kafka.connection import ISOLATION, KafkaConnection
from autodev.stream.kafka.topic_ids import topic_ids
from autodev.stream.ports import LogId
from autodev.stream.steps import Step, reached

MAX_POLL_RECORDS = 500
"""Without a limit, a poll that takes long to drain leaves the group and never comes back."""
FETCH_BYTES = 131_072
"""Of one partition at once; a mebibyte lets one partition starve the others."""
FETCH_WAIT_MS = 50
METADATA_SECONDS = 10.0
"""Until new partitions, or a topic made anew, are noticed; the default of five minutes leaves them unread as long."""
SESSION_SECONDS = 10.0


def create_faust_app(connection: KafkaConnection, group: str, loop: asyncio.AbstractEventLoop) -> faust.App:
    """An app that reads raw bytes as a member of `group`: no tables, no changelogs, no web server, no topics made."""
    app = faust.App(
        connection.physical(group),
        loop=loop,
        broker=[f"kafka://{server.strip()}" for server in connection.bootstrap_servers.split(",")],
        broker_client_id=connection.client_id,
        broker_commit_interval=0.5,
        broker_commit_every=10_000,
        broker_heartbeat_interval=2.0,
        broker_session_timeout=SESSION_SECONDS,
        broker_rebalance_timeout=30.0,
        broker_request_timeout=40.0,
        broker_max_poll_records=MAX_POLL_RECORDS,
        broker_max_poll_interval=1_000.0,
        consumer_max_fetch_size=FETCH_BYTES,
        consumer_auto_offset_reset="earliest",
        consumer_metadata_max_age_ms=round(METADATA_SECONDS * 1000),
        key_serializer="raw",
        value_serializer="raw",
        processing_guarantee="at_least_once",
        stream_wait_empty=False,
        stream_buffer_maxsize=4_096,
        store="memory://",
        table_standby_replicas=0,
        topic_allow_declare=False,
        topic_disable_leader=True,
        producer_threaded=False,
        producer_request_timeout=15.0,
        web_enabled=False,
        web_in_thread=False,
        worker_redirect_stdouts=False,
        autodiscover=False,
    )
    app.transport = _Transport(app.conf.broker_consumer, app, loop=loop)
    return app


class _ConsumerThread(driver.AIOKafkaConsumerThread):
    def _create_worker_consumer(self, transport: driver.Transport) -> Any:
        consumer = super()._create_worker_consumer(transport)
        # Faust fixes both and has no setting for either: it waits for 1.5 s, and reads what was aborted. A fetch that
        # has gone out without a partition, since its records were not taken yet, keeps that one waiting for as long.
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS  # noqa: SLF001
        consumer._isolation_level = ISOLATION  # noqa: SLF001
        return consumer

    async def topic_ids(self, connection: KafkaConnection, topics: Collection[str]) -> Mapping[str, LogId | None]:
        # In the thread whose loop the client belongs to.
        found: Mapping[str, LogId | None] = await self.call_thread(
            topic_ids, self._ensure_consumer(), connection, topics
        )
        return found

    async def commit(self, offsets: Mapping[TP, int]) -> bool:
        reached(Step.COMMITTING)
        return bool(await super().commit(offsets))


class _Consumer(driver.Consumer):
    _thread: _ConsumerThread

    async def topic_ids(self, connection: KafkaConnection, topics: Collection[str]) -> Mapping[str, LogId | None]:
        return await self._thread.topic_ids(connection, topics)

    def _new_consumer_thread(self) -> driver.AIOKafkaConsumerThread:
        return _ConsumerThread(self, loop=self.loop, beacon=self.beacon)


class _Transport(driver.Transport):
    Consumer = _Consumer
