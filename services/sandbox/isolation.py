"""The engine that guests run on: used once it has proved its promises, and not before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from autodev.sandbox import Engine, IsolationUnavailable, Policy
from autodev.sandbox.audit import AuditError
from autodev.sandbox.engines import first_proved, proved
from services.sandbox.domain.quota import Quota
from services.sandbox.slots import FairSlots
from services.sandbox.spending import MeteredTenants

log = structlog.get_logger(__name__)
PROVE_AGAIN_SECONDS = 30.0


class Isolation:
    """An engine, proved or not, and how much of it may be used: at one time, and by one tenant."""

    def __init__(self, policy: Policy, concurrency: int, quota: Quota = Quota()) -> None:  # noqa: B008 - frozen
        """`concurrency` bounds the isolations at one time."""
        self.policy = policy
        self.slots = FairSlots(concurrency, each=quota.isolations)
        self.tenants = MeteredTenants(quota)
        self._engine: Engine | IsolationUnavailable = IsolationUnavailable(
            "canary", "it has not finished yet", "Wait some seconds."
        )

    @property
    def trouble(self) -> str | None:
        """Why nothing runs; None if it does."""
        return str(self._engine) if isinstance(self._engine, IsolationUnavailable) else None

    def engine(self) -> Engine:
        """The proved engine.

        Raises:
            IsolationUnavailable: there is none, with the reason and the remedy.
        """
        if isinstance(self._engine, IsolationUnavailable):
            raise self._engine
        return self._engine

    async def prove(self, *makes: Callable[[], Engine], again_seconds: float = PROVE_AGAIN_SECONDS) -> None:
        """Make engines and run the canary on each, again and again until one keeps every promise: the first does."""
        while True:
            try:
                self._engine = await first_proved(makes, _proved_with_log)
            except IsolationUnavailable as error:
                self._engine = error
                log.warning("isolation_unavailable", reason=str(error))
                await asyncio.sleep(again_seconds)
            else:
                log.info("isolation_proved", engine=self._engine.name)
                return


async def _proved_with_log(make: Callable[[], Engine]) -> Engine:
    try:
        return await proved(make)
    except AuditError as error:
        remedy = "Let this process write to AUTODEV_AUDIT__DIRECTORY."
        raise IsolationUnavailable("audit log", str(error), remedy) from error
