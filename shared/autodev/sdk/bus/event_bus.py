"""The event bus: handlers that run for what agents report, and events that an agent reports itself."""

from __future__ import annotations

import importlib
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from autodev.sdk.bus.channels import Channel
from autodev.sdk.client import Client
from autodev.sdk.log import log
from autodev.sdk.recording.report import Emission
from autodev.sdk.recording.trace import current_trace
from autodev.sdk.runtime import RUNTIME
from autodev.sdk.settings import NotConfiguredError

if TYPE_CHECKING:
    from autodev.events.models.agent import SkillExecutionEvent, TaskEvent

H = TypeVar("H", bound=Callable[[Any], Any])


class EventBus:
    """Handlers take the event and are sync, then run in a thread, or async. They run while `listening` is active, one
    after the other in the order in which they were registered; one that raises stops no other.

    At least once: what was being handled when a process died is handled again by the next of its group.
    """

    def __init__(self) -> None:
        self._handlers: dict[Channel, list[Callable[[Any], Any]]] = {channel: [] for channel in Channel}

    def on_task_fail(self, handler: H) -> H:
        """Call `handler` with every TaskEvent whose outcome is failure or partial. Returns it unchanged."""
        return self._on(Channel.TASK_FAIL, handler)

    def on_task_success(self, handler: H) -> H:
        """Call `handler` with every TaskEvent whose outcome is success. Returns it unchanged."""
        return self._on(Channel.TASK_SUCCESS, handler)

    def on_skill_execution(self, handler: H) -> H:
        """Call `handler` with every SkillExecutionEvent, failed or not. Returns it unchanged."""
        return self._on(Channel.SKILL_EXECUTION, handler)

    async def emit_task_fail(self, event: TaskEvent | None = None, /, **fields: Any) -> bool:
        """Report that a task failed: an event, or its fields, of which tenant, agent, id and outcome are filled in.

        Never raises and never waits for the broker. False, with the reason logged, if it was not taken.
        """
        return await self._emit(Channel.TASK_FAIL, event, fields)

    async def emit_task_success(self, event: TaskEvent | None = None, /, **fields: Any) -> bool:
        """Report that a task succeeded; otherwise as `emit_task_fail`."""
        return await self._emit(Channel.TASK_SUCCESS, event, fields)

    async def emit_skill_execution(self, event: SkillExecutionEvent | None = None, /, **fields: Any) -> bool:
        """Report that a skill ran that is no decorated function; otherwise as `emit_task_fail`."""
        return await self._emit(Channel.SKILL_EXECUTION, event, fields)

    @asynccontextmanager
    async def listening(self, *, group: str) -> AsyncIterator[None]:
        """Run handlers for the events of this tenant while the block is active, as a member of the group `group`.

        Members of one group share the events; each group gets all of them, a new one from the oldest there is.

        Raises:
            NotConfiguredError: nothing says which broker and tenant.
        """
        client = _required(RUNTIME.active())
        handling = await _imported("autodev.sdk.bus.handling")
        transport = client.open_transport(client.settings)
        async with transport.subscribe(handling.TOPICS, group) as subscription:
            listener = handling.Listener(subscription, self.handlers, client.settings.tenant)
            try:
                yield
            finally:
                await listener.stop()

    def run(self, group: str) -> None:
        """Run handlers until the process is interrupted: for a program that does nothing else."""
        import asyncio

        async def forever() -> None:
            async with self.listening(group=group):
                await asyncio.Event().wait()

        with suppress(KeyboardInterrupt):
            asyncio.run(forever())

    @property
    def handlers(self) -> Mapping[Channel, Sequence[Callable[[Any], Any]]]:
        """Those registered now, by what they are called with."""
        return self._handlers

    def remove(self, handler: Callable[[Any], Any]) -> None:
        """Call `handler` for nothing any more."""
        for handlers in self._handlers.values():
            with suppress(ValueError):
                handlers.remove(handler)

    def _on(self, channel: Channel, handler: H) -> H:
        self._handlers[channel].append(handler)
        return handler

    async def _emit(self, channel: Channel, event: object, fields: dict[str, Any]) -> bool:
        try:
            client = RUNTIME.active()
            if client is None:
                return False
            emitting = await _imported("autodev.sdk.bus.emitting")
            made = emitting.emitted(channel, event, fields, client.settings)
            return client.report(Emission(made, current_trace()))
        except Exception as error:  # noqa: BLE001 - what is reported must not stop the agent that reports
            log.error("an event was not emitted: %s", error)
            return False


async def _imported(module: str) -> Any:
    """`module`, imported in a thread the first time: it brings the models, whose import takes a while."""
    import asyncio  # not above: half of what importing autodev would cost, for agents that are not async

    return sys.modules.get(module) or await asyncio.to_thread(importlib.import_module, module)


def _required(client: Client | None) -> Client:
    if client is None:
        raise NotConfiguredError("event handlers need a broker and a tenant: call autodev.configure(...) first")
    return client


event_bus = EventBus()
