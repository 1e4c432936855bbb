"""The process-wide state behind `autodev.configure`, `flush`, `ready` and the decorator."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autodev.sdk.client import EXIT_SECONDS, Client
from autodev.sdk.hot_loading.change import VersionChange
from autodev.sdk.log import log, warn_once
from autodev.sdk.recording.observing import Observation
from autodev.sdk.recording.report import Expected
from autodev.sdk.settings import NotConfiguredError, Settings, is_enabled, settings_from
from autodev.sdk.skills.definition import SkillDefinition
from autodev.sdk.skills.registry import REGISTRY

if TYPE_CHECKING:
    from autodev.sdk.transport import OpenTransport, Transport

PromotionCallback = Callable[[VersionChange], object]


class Runtime:
    """Which client is in use. Found out once, from the environment, unless `use` says it."""

    def __init__(self) -> None:
        self.client: Client | None = None
        self._is_known = False
        self._lock = threading.RLock()
        self._callbacks: list[PromotionCallback] = []
        self._of_parents: list[Client] = []
        """Kept in a forked child: collecting them would close connections under the parent's feet."""

    def active(self) -> Client | None:
        """The client that records, or None, hinted at once, if nothing is configured or the kill switch is on."""
        return self.client if self._is_known else self._from_environment()

    def use(self, client: Client | None) -> Client | None:
        """Make `client` the one in use; the one before, which goes on until somebody closes it."""
        with self._lock:
            previous, self.client = self.client, client
            self._is_known = True
        return previous

    def connect(self, settings: Settings, open_transport: OpenTransport) -> Client:
        """A client of this process's skills. Its thread starts when it is first needed."""
        return Client(settings, open_transport, REGISTRY, self._notify)

    def on_promotion(self, callback: PromotionCallback) -> PromotionCallback:
        self._callbacks.append(callback)
        return callback

    def off_promotion(self, callback: PromotionCallback) -> None:
        self._callbacks.remove(callback)

    def observe(
        self, skill: SkillDefinition, args: tuple[Any, ...], kwargs: dict[str, Any], expected: Expected | None
    ) -> Observation | None:
        """Begin to watch a call; None if nothing is recorded."""
        try:
            client = self.active()
            return None if client is None else Observation(skill, client.report, args, kwargs, expected)
        except Exception:  # noqa: BLE001 - recording must never reach the agent
            warn_once(skill.name, "a call could not be recorded")
            return None

    def after_fork(self) -> None:
        """In the child: no thread lives on, and what the parent counted is the parent's to report."""
        self._lock = threading.RLock()
        for skill in REGISTRY:
            skill.forget()
        if self.client is not None:
            self._of_parents.append(self.client)
            self.client = self.connect(self.client.settings, self.client.open_transport)

    def _from_environment(self) -> Client | None:
        with self._lock:
            if not self._is_known:
                try:
                    if is_enabled():
                        self.client = self.connect(settings_from(os.environ), open_kafka)
                except NotConfiguredError as missing:
                    log.warning("autodev records nothing: %s", missing)
                self._is_known = True
            return self.client

    def _notify(self, change: VersionChange) -> None:
        for callback in tuple(self._callbacks):
            try:
                callback(change)
            except Exception:  # noqa: BLE001 - the agent's own callback
                log.exception("the promotion callback %r failed", callback)


RUNTIME = Runtime()


def configure(
    *,
    tenant: str | None = None,
    agent: str | None = None,
    kafka: str | None = None,
    topic_prefix: str | None = None,
    spool_directory: str | os.PathLike[str] | None = None,
) -> None:
    """Say where to report to and as whom; what is not given comes from the environment.

    Starts hot loading at once. Never raises: without a tenant, an agent and a broker (`kafka`, "host:port"), or with
    ``AUTODEV_ENABLED=false``, skills run as if they were not decorated.
    """
    client: Client | None = None
    try:
        if is_enabled():
            settings = settings_from(
                os.environ,
                tenant=tenant,
                agent=agent,
                kafka=kafka,
                topic_prefix=topic_prefix,
                spool_directory=spool_directory,
            )
            client = RUNTIME.connect(settings, open_kafka)
            client.start()
    except NotConfiguredError as missing:
        log.warning("autodev records nothing: %s", missing)
    if (previous := RUNTIME.use(client)) is not None:
        previous.close()


def ready(timeout: float = 10.0) -> bool:
    """Wait until the skills defined so far run their promoted versions. Optional: they are loaded anyway.

    False if that took more than `timeout` seconds, or nothing is configured. From async code: `asyncio.to_thread`.
    """
    client = RUNTIME.active()
    return client is not None and client.ready(timeout)


def flush(timeout: float = 10.0) -> bool:
    """Wait until all that was recorded so far is at the broker. Not needed at exit, which flushes by itself.

    False if that took more than `timeout` seconds. From async code: `asyncio.to_thread`.
    """
    client = RUNTIME.active()
    return client is None or client.flush(timeout)


def on_promotion(callback: PromotionCallback) -> PromotionCallback:
    """Call `callback` whenever a skill of this process begins to run another version, on the background thread."""
    return RUNTIME.on_promotion(callback)


def open_kafka(settings: Settings) -> Transport:
    """Kafka, imported only when it is used."""
    from autodev.sdk.kafka.transport import KafkaTransport

    return KafkaTransport(settings)


@atexit.register
def _close() -> None:
    if RUNTIME.client is not None:
        RUNTIME.client.close(EXIT_SECONDS)


os.register_at_fork(after_in_child=RUNTIME.after_fork)
