"""People at the console: they ask until they are answered, as a browser or a script with an idempotency key does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httpx2

from tests.chaos.quiet import NeverQuietError
from tests.e2e.installation import Installation

ANSWER_SECONDS: Final = 5.0
RETRY_SECONDS: Final = 0.5
PATIENCE_SECONDS: Final = 300.0


@dataclass(frozen=True)
class Decision:
    """What a person asks for, once however often it has to be said."""

    tenant: str
    path: str
    body: Mapping[str, str]

    @property
    def key(self) -> str:
        """By which the console knows it again; of it, the event's id is made."""
        return f"chaos/{self.path}"


async def decide(installation: Installation, decision: Decision) -> None:
    """Say it until the console has taken it.

    Raises:
        NeverQuietError: it was refused, or nobody answered.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    said = "nothing"
    async with httpx2.AsyncClient(timeout=ANSWER_SECONDS) as client:
        while time.monotonic() < deadline:
            url = f"{installation.url('console')}/v1/tenants/{decision.tenant}/{decision.path}"
            try:
                answer = await client.post(url, json=dict(decision.body), headers={"Idempotency-Key": decision.key})
            except httpx2.HTTPError as error:
                said = f"{type(error).__name__}: {error}"
            else:
                said = f"{answer.status_code}: {answer.text}"
                if answer.status_code == HTTPStatus.ACCEPTED:
                    return
                if answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                    break
            await asyncio.sleep(RETRY_SECONDS)
    raise NeverQuietError(f"the console did not take {decision.path} of {decision.tenant}, but said {said}")
