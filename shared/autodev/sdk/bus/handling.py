"""From the records of a consumer group to the handlers that a program registered."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autodev.events.binary import InvalidRecordError, from_record
from autodev.events.catalogue import SKILL_EXECUTED, TASK_REPORTED
from autodev.events.models.agent import SkillExecutionEvent, TaskEvent
from autodev.events.record import Record
from autodev.ids import TenantId
from autodev.sdk.bus.channels import Channel
from autodev.sdk.bus.routing import AgentEvent, channel_of
from autodev.sdk.log import log
from autodev.sdk.transport import Subscription

TOPICS = (TASK_REPORTED.name, SKILL_EXECUTED.name)

Handlers = Mapping[Channel, Sequence[Callable[[Any], Any]]]


class Listener:
    """One member of a consumer group, running handlers. An event is committed after its handlers ran."""

    def __init__(self, subscription: Subscription, handlers: Handlers, tenant: TenantId) -> None:
        self._subscription = subscription
        self._handlers = handlers
        self._tenant = tenant
        self._is_stopping = False
        self._handling = asyncio.Lock()
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(_log_the_end)

    async def stop(self) -> None:
        """Let the event in hand be finished, commit it, and handle no other."""
        self._is_stopping = True
        async with self._handling:
            self._task.cancel()
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        async for batch in self._subscription.batches():
            async with self._handling:
                done: list[Record] = []
                for record in batch:
                    if self._is_stopping:
                        break
                    await handle(record, self._handlers, self._tenant)
                    done.append(record)
                await self._subscription.commit(done)


async def handle(record: Record, handlers: Handlers, tenant: TenantId) -> None:
    """Run the handlers of `record`'s event, if it is one of `tenant`, one after the other; none can stop another."""
    event = _event_of(record, tenant)
    if event is None:
        return
    for handler in tuple(handlers[channel_of(event)]):
        try:
            await _call(handler, event)
        except Exception:  # noqa: BLE001 - a handler is another's code
            log.exception("the handler %s failed for %s", getattr(handler, "__qualname__", handler), _id(event))


def _log_the_end(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("event handlers have stopped: %s", error, exc_info=error)


async def _call(handler: Callable[[Any], Any], event: AgentEvent) -> None:
    if inspect.iscoroutinefunction(handler):
        await handler(event)
        return
    outcome = await asyncio.to_thread(handler, event)
    if inspect.isawaitable(outcome):  # an object whose __call__ is async
        await outcome


def _event_of(record: Record, tenant: TenantId) -> AgentEvent | None:
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


def _id(event: AgentEvent) -> str:
    return event.episode_id if isinstance(event, TaskEvent) else event.execution_id
