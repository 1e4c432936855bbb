"""The background thread's side: one event loop that delivers reports and follows promotions.

Imported on that thread only: it brings the models and the Kafka client, whose import takes longer than an agent
should wait.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from autodev.sdk.delivery.buffer import Buffer
from autodev.sdk.delivery.delivering import Delivery
from autodev.sdk.delivery.reporter import Reporter
from autodev.sdk.delivery.spool import Spool
from autodev.sdk.hot_loading.change import VersionChange
from autodev.sdk.hot_loading.following import PromotionFollower
from autodev.sdk.recording.report import Report
from autodev.sdk.settings import Settings
from autodev.sdk.skills.definition import SkillDefinition
from autodev.sdk.skills.registry import SkillRegistry
from autodev.sdk.transport import OpenTransport

_CLOSE_SECONDS = 2.0
_GATHER_SECONDS = 0.02
"""How long the first of several reports waits for the others, so that many calls a second wake the thread rarely."""


class Background:
    """Made and run on the background thread; its public methods are for all others."""

    def __init__(
        self,
        settings: Settings,
        open_transport: OpenTransport,
        registry: SkillRegistry,
        buffer: Buffer[Report],
        notify: Callable[[VersionChange], None],
    ) -> None:
        self._loop: asyncio.AbstractEventLoop = _Loop()
        self._transport = open_transport(settings)
        self._notify = notify
        self._follower = PromotionFollower(settings.tenant, registry, self._switched)
        spool = Spool(settings.spool_directory / settings.tenant / settings.agent)
        self._delivery = Delivery(buffer, registry, Reporter(settings), self._transport, spool)
        self._stopping = asyncio.Event()
        self._begun: dict[Future[None], Coroutine[Any, Any, None]] = {}
        self._has_ended = False
        self._waking = False
        self._patience = 0.0

    def run(self) -> None:
        """Work until `stop`. The body of the thread."""
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._work())
        finally:
            self._has_ended = True
            self._give_up()

    def wake(self) -> None:
        """There is something in the buffer."""
        # One call is under way already and will see it: waking a thread costs more than recording a call.
        if not self._waking:
            self._waking = True
            self._call(self._woken)

    def flush(self) -> Future[None]:
        """Done when all that was reported so far is at the broker."""
        return self._begin(self._delivery.flush)

    def apply(self, skill: SkillDefinition) -> None:
        """`skill` was defined just now: it may have been promoted long ago."""
        self._call(self._follower.apply, skill)

    def applied(self) -> Future[None]:
        """Done when all that was asked for by `apply` before has been done."""

        async def nothing() -> None:
            """Runs after what was scheduled before it."""

        return self._begin(nothing)

    @property
    def caught_up(self) -> threading.Event:
        """Set once all promotions there were at the start have been applied."""
        return self._follower.caught_up

    def stop(self, timeout: float) -> None:
        """Ask the thread to end: flushing for `timeout` seconds, then leaving the rest on disk."""
        self._call(self._stop, timeout)

    def _call(self, callback: Callable[..., object], *args: object) -> None:
        with suppress(RuntimeError):  # the thread has ended, and its loop is closed
            self._loop.call_soon_threadsafe(callback, *args)

    def _begin(self, work: Callable[[], Coroutine[Any, Any, None]]) -> Future[None]:
        """`work` on the loop; cancelled at once if the thread has ended."""
        coroutine = work()
        try:
            future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        except RuntimeError:
            future = Future()
        self._begun[future] = coroutine
        future.add_done_callback(self._begun.pop)
        if self._has_ended:
            self._give_up()
        return future

    def _give_up(self) -> None:
        """A loop that closes forgets what it was asked for last, and whoever waits for that would wait in vain."""
        for future, coroutine in list(self._begun.items()):
            coroutine.close()
            future.cancel()

    def _switched(self, change: VersionChange) -> None:
        # What the version before came to is what the new one is compared with.
        self._delivery.report_counts()
        self._notify(change)

    def _woken(self) -> None:
        self._loop.call_later(_GATHER_SECONDS, self._gathered)

    def _gathered(self) -> None:
        self._waking = False
        self._delivery.wake()

    def _stop(self, timeout: float) -> None:
        self._patience = timeout
        self._stopping.set()

    async def _work(self) -> None:
        following = asyncio.create_task(self._follower.run(self._transport))
        delivering = asyncio.create_task(self._delivery.run())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait([delivering, stopping], return_when=asyncio.FIRST_COMPLETED)
        if delivering.done():
            delivering.result()  # raises: it never ends by itself
        with suppress(TimeoutError):
            await asyncio.wait_for(self._delivery.drain(), self._patience)
        following.cancel()
        delivering.cancel()
        await asyncio.wait([following, delivering])
        self._delivery.finish()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._transport.close(), _CLOSE_SECONDS)


class _Loop(asyncio.SelectorEventLoop):
    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        """Blocking, on a loop that nobody waits for: the usual thread pool refuses work once the interpreter exits."""
        return socket.getaddrinfo(host, port, **options)
