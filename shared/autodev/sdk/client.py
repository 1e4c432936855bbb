"""The agent's side: takes reports from any thread, and has a daemon thread deliver them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from time import monotonic
from typing import TYPE_CHECKING

from autodev.sdk.delivery.buffer import Buffer
from autodev.sdk.hot_loading.change import VersionChange
from autodev.sdk.log import THREAD, log
from autodev.sdk.recording.report import Report, put_back
from autodev.sdk.settings import Settings
from autodev.sdk.skills.definition import SkillDefinition
from autodev.sdk.skills.registry import SkillRegistry

if TYPE_CHECKING:
    from autodev.sdk.background import Background
    from autodev.sdk.transport import OpenTransport

EXIT_SECONDS = 5.0
"""How long a process that ends waits for its last reports to arrive, before it leaves them on disk."""


class Client:
    """Reporting and hot loading of one process. Its thread starts with the first report, or with `ready`."""

    def __init__(
        self,
        settings: Settings,
        open_transport: OpenTransport,
        registry: SkillRegistry,
        notify: Callable[[VersionChange], None],
    ) -> None:
        self.settings = settings
        self.open_transport = open_transport
        self._registry = registry
        self._notify = notify
        self._buffer: Buffer[Report] = Buffer()
        self._background: Background | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._started = threading.Event()
        self._closed = False

    def report(self, report: Report) -> bool:
        """Take `report` in at once; False if it was dropped, which the next one then says."""
        if self._closed or not self._buffer.put(report):
            put_back(report)
            return False
        if self._background is not None:
            self._background.wake()
        else:
            self.start()
        return True

    def start(self) -> None:
        """Start the thread, unless it runs."""
        with self._starting:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name=THREAD, daemon=True)
                self._thread.start()
                _flush_when_a_worker_process_ends(self)

    def defined(self, skill: SkillDefinition) -> None:
        """A skill was defined after the start: it may have been promoted already."""
        if self._background is not None:
            self._background.apply(skill)

    def ready(self, timeout: float) -> bool:
        """Wait until the skills defined so far run their promoted versions; False if that took longer."""
        deadline = monotonic() + timeout
        self.start()
        if not self._started.wait(timeout) or self._background is None:
            return False
        if not self._background.caught_up.wait(deadline - monotonic()):
            return False
        return _finished(self._background.applied(), deadline)

    def flush(self, timeout: float) -> bool:
        """Wait until all calls and events so far are at the broker; False if that took longer, or the thread died."""
        deadline = monotonic() + timeout
        if self._thread is None:
            return True
        if not self._started.wait(timeout) or self._background is None:
            return False
        return _finished(self._background.flush(), deadline)

    def close(self, timeout: float = EXIT_SECONDS) -> None:
        """Flush, leave on disk what could not be delivered in time, and end the thread."""
        with self._starting:
            already, self._closed = self._closed, True
        if already or self._thread is None:
            return
        self._started.wait(timeout)
        if self._background is not None:
            self._background.stop(timeout)
        self._thread.join(2 * timeout)

    def _run(self) -> None:
        try:
            from autodev.sdk.background import Background

            background = Background(self.settings, self.open_transport, self._registry, self._buffer, self._notify)
            self._background = background
            self._started.set()
            background.run()
        except Exception:  # noqa: BLE001 - the end of the thread: there is nobody above to tell
            log.exception("reporting and hot loading have stopped; skills run on unrecorded")
        finally:
            self._closed = True
            self._started.set()


def _finished(future: Future[None], deadline: float) -> bool:
    try:
        future.result(max(0.0, deadline - monotonic()))
    except (TimeoutError, CancelledError):
        future.cancel()
        return False
    except Exception:  # noqa: BLE001 - a fault of ours must not reach the agent
        log.warning("reports could not be flushed", exc_info=True)
        return False
    return True


def _flush_when_a_worker_process_ends(client: Client) -> None:
    """Processes of `multiprocessing` skip `atexit` and have an exit hook of their own."""
    multiprocessing = sys.modules.get("multiprocessing.util")
    process = sys.modules.get("multiprocessing.process")
    if multiprocessing and process and process.parent_process() is not None:
        multiprocessing.Finalize(None, client.close, exitpriority=0)
