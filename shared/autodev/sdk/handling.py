"""From the records of a consumer group to the handlers that a program registered."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from autodev.events.binary import InvalidRecordError, from_record
from autodev.events.catalogue import SKILL_EXECUTED, TASK_REPORTED
from autodev.events.models.agent import SkillExecutionEvent, TaskEvent
from autodev.events.record import Record
from autodev.ids import TenantId
from autodev.sdk.channels import Channel
from autodev.sdk.log import log
from autodev.sdk.transport import Subscription

TOPICS = (TASK_REPORTED.name, SKILL_EXECUTED.name)

Handlers = Mapping[Channel, Sequence[Callable[[Any], Any]]]


async def handle(subscription: Subscription, handlers: Handlers, tenant: TenantId) -> None:
    """Run handlers for every batch and commit it then, until cancelled."""
    async for batch in subscription.batches():
        await handle_batch(batch, handlers, tenant)
        await subscription.commit(batch)


async def handle_batch(batch: Iterable[Record], handlers: Handlers, tenant: TenantId) -> None:
    """Run the handlers of each event of `tenant` in `batch`, one after the other; none can stop another."""
    for record in batch:
        event = _event_of(record, tenant)
        if event is None:
            continue
        for handler in tuple(handlers[_channel(event)]):
            try:
                await _call(handler, event)
            except Exception:  # noqa: BLE001 - a handler is another's code
                log.exception("the handler %s failed for %s", getattr(handler, "__qualname__", handler), _id(event))


async def _call(handler: Callable[[Any], Any], event: TaskEvent | SkillExecutionEvent) -> None:
    if inspect.iscoroutinefunction(handler):
        await handler(event)
        return
    outcome = await asyncio.to_thread(handler, event)
    if inspect.isawaitable(outcome):  # an object whose __call__ is async
        await outcome


def _event_of(record: Record, tenant: TenantId) -> TaskEvent | SkillExecutionEvent | None:
    if not (record.key or b"").startswith(f"{tenant}/".encode()):
        return None
    try:
        data = from_record(record).data
    except InvalidRecordError as error:
        # Ingestion puts it among its dead letters, where somebody looks at it.
        log.debug("%s-%d@%d is skipped: %s", record.topic, record.partition, record.offset, error)
        return None
    if isinstance(data, (TaskEvent, SkillExecutionEvent)) and data.tenant_id == tenant:
        return data
    return None


def _channel(event: TaskEvent | SkillExecutionEvent) -> Channel:
    if isinstance(event, SkillExecutionEvent):
        return Channel.SKILL_EXECUTION
    return Channel.TASK_FAIL if event.outcome.is_failure else Channel.TASK_SUCCESS


def _id(event: TaskEvent | SkillExecutionEvent) -> str:
    return event.episode_id if isinstance(event, TaskEvent) else event.execution_id
