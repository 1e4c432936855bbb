"""Whether the broker is there and still has the logs that are read, though no record may come for hours."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import structlog

from autodev.stream.logs import KnownLogs
from autodev.stream.ports import LogId

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 5.0
"""Between two looks, each of one small request."""
ANSWER_SECONDS: Final = 5.0


class BrokerWatch:
    def __init__(self, group: str, logs: Callable[[], Awaitable[Mapping[str, LogId | None]]], known: KnownLogs) -> None:
        self.trouble: str | None = None
        """What the last look found wrong."""
        self._group = group
        self._logs = logs
        self._known = known

    async def run(self) -> None:
        """Look now and then until cancelled.

        Raises:
            ReplacedLogError: a topic was deleted and made anew.
        """
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self._look()

    async def _look(self) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                found = await self._logs()
        except Exception as error:  # noqa: BLE001 - the broker's client raises its own classes
            self._tell(f"broker not reachable: {type(error).__name__}: {error}")
            return
        missing = sorted(topic for topic, log_id in found.items() if log_id is None)
        self._tell(f"topics missing: {', '.join(missing)}: run 'autodev topics apply'" if missing else None)
        for topic, log_id in found.items():
            if log_id is not None:
                self._known.meet(self._group, topic, log_id)

    def _tell(self, trouble: str | None) -> None:
        if trouble is not None and self.trouble is None:
            log.warning("waiting_for_broker", group=self._group, reason=trouble)
        self.trouble = trouble
