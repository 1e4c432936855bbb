"""The drill: calls before, during and after an outage of the broker that the agent's disk can't hold."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from autodev.events.catalogue import SKILL_EXECUTED, SKILL_PROMOTED, SKILL_REGISTERED, TASK_REPORTED
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.log import read
from autodev.stream.kafka.topics import apply_topics
from tests.chaos.compare import Finding, Kind
from tests.chaos.outcome import Outcome
from tests.chaos.servers import Servers
from tests.chaos.spool.small_disk import SmallDisk, small_disk

NAME = "full disk of the spool"
BEFORE, DURING, AFTER = 200, 3_000, 200
SLOW_SECONDS = 2.0
"""A call that waited for broker or disk would take longer: the shortest of their timeouts is 5 s."""


@dataclass(frozen=True)
class Told:
    """What arrived of the agent's reports, each event once."""

    failures: int
    successes: int
    dropped: int
    registered: int
    redelivered: int
    reports: int


async def run(servers: Servers, directory: Path) -> Outcome:
    started = time.monotonic()
    connection = KafkaConnection(servers.kafka.bootstrap, "chaos", f"spool{uuid4().hex[:8]}.")
    await apply_topics(connection, [TASK_REPORTED, SKILL_EXECUTED, SKILL_REGISTERED, SKILL_PROMOTED])
    with small_disk(directory / "spool") as disk:
        async with _agent(connection, disk) as ask:
            answers = [await ask(str(BEFORE)), {"flushed": await ask("flush")}]
            await asyncio.to_thread(servers.kafka.kill)
            answers.append(await ask(str(DURING)))
            await asyncio.to_thread(servers.kafka.start)
            answers += [await ask(str(AFTER)), {"flushed": await ask("flush")}]
        left = sum(file.stat().st_size for file in disk.path.rglob("*.jsonl"))
    told = await _told(connection)
    return Outcome(
        fault=NAME,
        events=BEFORE + DURING + AFTER,
        deaths=Counter(),
        redelivered=told.redelivered,
        findings=list(_judge(answers, told, left)),
        notes=[_note(disk, told, answers)],
        seconds=time.monotonic() - started,
    )


@asynccontextmanager
async def _agent(connection: KafkaConnection, disk: SmallDisk) -> Any:
    environment = {
        "AUTODEV_TENANT": "acme",
        "AUTODEV_AGENT": "pilot",
        "AUTODEV_KAFKA__BOOTSTRAP_SERVERS": connection.bootstrap_servers,
        "AUTODEV_KAFKA__TOPIC_PREFIX": connection.prefix,
        "AUTODEV_SPOOL_DIRECTORY": str(disk.path),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.chaos.spool.agent",
        env=os.environ | environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        preexec_fn=disk.limit,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout

    async def ask(question: str) -> Any:
        stdin.write(f"{question}\n".encode())
        return json.loads(await stdout.readline())

    try:
        yield ask
        stdin.close()
        await asyncio.wait_for(process.wait(), 30)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _told(connection: KafkaConnection) -> Told:
    counts: Counter[str] = Counter()
    seen: set[bytes] = set()
    async for record in read(connection, [SKILL_EXECUTED.name, SKILL_REGISTERED.name], from_start=True, until_end=True):
        identity = dict(record.headers)["ce_id"] or b""
        if identity in seen:
            counts["redelivered"] += 1
            continue
        seen.add(identity)
        data = json.loads(record.value or b"")
        if record.topic == SKILL_REGISTERED.name:
            counts["registered"] += 1
            continue
        counts["reports"] += 1
        counts["successes" if data["success"] else "failures"] += data["executions"]
        counts["dropped"] += data["metadata"].get("autodev.dropped_reports", 0)
    fields = ("failures", "successes", "dropped", "registered", "redelivered", "reports")
    return Told(**{field: counts[field] for field in fields})


def _note(disk: SmallDisk, told: Told, answers: Sequence[dict[str, Any]]) -> str:
    slowest = max(each.get("slowest", 0.0) for each in answers)
    return (
        f"{disk.kind}; {told.reports} reports arrived and tell of {told.dropped} lost ones, whose calls are counted;"
        f" the slowest of {BEFORE + DURING + AFTER} calls took {slowest * 1000:.0f} ms"
    )


def _judge(answers: Sequence[dict[str, Any]], told: Told, left: int) -> list[Finding]:
    failed, succeeded = (sum(each.get(name, 0) for each in answers) for name in ("failed", "succeeded"))
    disturbed = sum(each.get("wrong", 0) + (each.get("slowest", 0.0) > SLOW_SECONDS) for each in answers)
    not_flushed = sum(each.get("flushed") is False for each in answers)
    checks = [
        (Kind.LOST, "failures counted", failed - told.failures),
        (Kind.DOUBLED, "failures counted", told.failures - failed),
        (Kind.LOST, "successes counted", succeeded - told.successes),
        (Kind.DOUBLED, "successes counted", told.successes - succeeded),
        (Kind.LOST, "bytes left in the spool", left),
        (Kind.LOST, "flushes that did not end", not_flushed),
        (Kind.LOST, "losses told", 1 if told.dropped == 0 else 0),
        (Kind.LOST, "source registered", 1 if told.registered == 0 else 0),
        (Kind.DIFFERING, "calls disturbed", disturbed),
    ]
    return [Finding(kind, section, count, str(told)) for kind, section, count in checks if count > 0]
