"""Whether a service is stopped, and keeping it so while its tables are made again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autodev.rebuild.errors import RebuildRefusedError, ServiceRunningError
from autodev.service.migrations import revision
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.postgres.relay import lock_key

LOCK_TIMEOUT = "10s"
STOP_IT = "stop every process of it; one that was killed leaves its group within 10 s"


async def require_no_members(connection: KafkaConnection, group: str) -> None:
    """
    Raises:
        ServiceRunningError: the group has members.
        KafkaError: the broker is away.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=connection.bootstrap_servers, client_id=connection.client_id)
    try:
        await admin.start()
        answers = await admin.describe_consumer_groups([connection.physical(group)])
    finally:
        await admin.close()
    clients = sorted({member[1] for answer in answers for each in answer.groups for member in each[5]})
    if clients:
        raise ServiceRunningError(f"group {group!r} has members ({', '.join(clients)}): {STOP_IT}")


@asynccontextmanager
async def relaying_nothing(database_url: str, service: str) -> AsyncIterator[None]:
    """Hold the lock of the service's outbox relay.

    Raises:
        ServiceRunningError: somebody else has it.
    """
    connection = await asyncpg.connect(database_url, timeout=10)
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock_key(service)):
            raise ServiceRunningError(f"a process relays the outbox of {service!r}: {STOP_IT}")
        yield
    finally:
        await connection.close(timeout=5)


async def require_migrated(engine: AsyncEngine, service: str) -> None:
    """
    Raises:
        RebuildRefusedError: the schema is not at the revision that this code needs.
    """
    found, newest = await revision.current(engine, service), revision.newest(service)
    if (found or "") < newest:
        raise RebuildRefusedError(
            f"schema {service!r} is at revision {found or 'none'}, the code needs {newest}:"
            f" run 'autodev db upgrade {service}'"
        )


async def shut_out_others(connection: AsyncConnection, service: str) -> None:
    """Keep every other transaction off the service's progress, and so off its tables, until this one ends.

    Raises:
        ServiceRunningError: one of them is at work.
    """
    try:
        await connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        await connection.execute(text(f"LOCK TABLE {service}.position, {service}.outbox IN ACCESS EXCLUSIVE MODE"))
    except DBAPIError as error:
        if not isinstance(getattr(error.orig, "__cause__", None), asyncpg.LockNotAvailableError):
            raise
        raise ServiceRunningError(f"a transaction is at work in schema {service!r}: {STOP_IT}") from None
