"""Whether a part of the stack does its work, asked of the part itself."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request

import asyncpg
from pydantic import BaseModel

from deploy.local.broker import answers
from deploy.local.stack.state import KAFKA, POSTGRES, StackState

_PROBE_SECONDS = 2.0
_ANSWER_BYTES = 10_000
# A proxy that the environment names cannot reach the loopback interface of this machine.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


async def unready_reason(part: str, state: StackState) -> str | None:
    """Why a part is not ready, or None if it is; takes 2 s at most."""
    if part == KAFKA:
        served = await asyncio.to_thread(answers, state.kafka_bootstrap)
        return None if served else f"no broker answers at {state.kafka_bootstrap}"
    if part == POSTGRES:
        return await _refusal(state.database_url)
    return await asyncio.to_thread(_unready, f"{state.service_url(part)}/readyz")


async def _refusal(database_url: str) -> str | None:
    try:
        connection = await asyncpg.connect(database_url, timeout=_PROBE_SECONDS)
        await connection.close()
    except (OSError, ValueError, asyncpg.PostgresError) as error:
        return str(error) or type(error).__name__
    return None


def _unready(url: str) -> str | None:
    try:
        with _DIRECT.open(url, timeout=_PROBE_SECONDS):
            return None
    except urllib.error.HTTPError as error:
        with error:
            return failing_checks(error.read(_ANSWER_BYTES)) or f"HTTP {error.code}"
    except OSError:
        return "does not answer"


def failing_checks(answer: bytes) -> str:
    """What the answer of `/readyz` says is missing, `; ` between its checks; empty if it says nothing of the kind."""
    try:
        checks = _Answer.model_validate_json(answer).checks
    except ValueError:
        return ""
    return "; ".join(f"{name}: {said}" for name, said in checks.items() if said != "ok")


class _Answer(BaseModel):
    checks: dict[str, str]
