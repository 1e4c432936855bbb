"""Starts agents, talks to them, and reads what they report."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from autodev.events.binary import from_record, to_record
from autodev.events.catalogue import SKILL_EXECUTED, SKILL_PROMOTED, SKILL_REGISTERED, TASK_REPORTED, event_type
from autodev.events.envelope import Event, new_event
from autodev.events.models.agent import SkillExecutionEvent
from autodev.events.models.base import EventData, utc_now
from autodev.events.models.case import SkillPromoted
from autodev.ids import AgentId, CandidateId, CaseId, SkillName, TenantId, new_event_id, sha256
from autodev.sdk.kafka.transport import KafkaTransport
from autodev.sdk.settings import Settings
from autodev.sdk.skills.source import SourceIdentity, identify
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.topics import apply_topics
from tests.integration.sdk.agent import speed

SCRIPT = Path(__file__).with_name("agent.py")
TOPICS = (TASK_REPORTED, SKILL_EXECUTED, SKILL_REGISTERED, SKILL_PROMOTED)
GOOD = {"distance": "100", "air_time": "60"}
BAD = {"distance": "100", "air_time": "NA"}
PATIENCE = 30.0


@dataclass(frozen=True)
class Installation:
    """Topics of a test's own, and a directory where agents leave what they can't deliver."""

    bootstrap: str
    spool: Path
    prefix: str = field(default_factory=lambda: f"{uuid4().hex}.")

    async def create_topics(self) -> None:
        await apply_topics(KafkaConnection(self.bootstrap, "test", self.prefix), TOPICS)

    @property
    def settings(self) -> Settings:
        return Settings(TenantId("acme"), AgentId("pilot"), self.bootstrap, self.spool, self.prefix)

    def start(self, *, bootstrap: str | None = None) -> Agent:
        """An agent process; `bootstrap` is another broker's address than the true one."""
        environment = {
            "AUTODEV_TENANT": "acme",
            "AUTODEV_AGENT": "pilot",
            "AUTODEV_KAFKA__BOOTSTRAP_SERVERS": bootstrap or self.bootstrap,
            "AUTODEV_KAFKA__TOPIC_PREFIX": self.prefix,
            "AUTODEV_SPOOL_DIRECTORY": str(self.spool),
        }
        return Agent(environment)

    async def events(self, count: int, *topics: str) -> list[Event[EventData]]:
        """The first `count` events of `topics`, in order within a topic."""
        transport = KafkaTransport(self.settings)
        events: list[Event[EventData]] = []
        async with asyncio.timeout(PATIENCE), transport.subscribe(topics, uuid4().hex) as subscription:
            async for batch in subscription.batches():
                events += map(from_record, batch)
                if len(events) >= count:
                    break
        return events

    async def executions(self, count: int) -> list[SkillExecutionEvent]:
        events = await self.events(count, SKILL_EXECUTED.name)
        return [event.data for event in events if isinstance(event.data, SkillExecutionEvent)]

    async def promote(self, code: str, version: str = "1.0.0") -> None:
        """Promote `code` as the agent's `speed`."""
        identity = speed_identity()
        promotion = SkillPromoted(
            tenant_id=TenantId("acme"),
            agent_id=AgentId("pilot"),
            skill=SkillName("speed"),
            entrypoint="speed",
            version=version,
            code=code,
            code_hash=sha256(code),
            content_hash=identity.content_hash,
            function_hash=identity.function_hash,
            replaces=None,
            case_id=CaseId("case"),
            candidate_id=CandidateId("candidate"),
            approved_by="a test",
            first_failure_at=utc_now(),
            promoted_at=utc_now(),
        )
        await self._publish(new_event(promotion, source="/test"))

    async def withdraw(self) -> None:
        """Withdraw what was promoted as the agent's `speed`."""
        promoted = event_type("dev.autodev.skill.promoted.v1")
        await self._publish(Event(new_event_id(), "/test", promoted, utc_now(), "acme/speed", None))

    def spooled(self) -> bool:
        """Whether reports wait on disk."""
        return any(file.stat().st_size for file in self.spool.rglob("*.jsonl"))

    async def _publish(self, event: Event[Any]) -> None:
        transport = KafkaTransport(self.settings)
        await transport.send([to_record(event)])
        await transport.close()


class Agent:
    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(SCRIPT)],
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Blocks for the answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    async def until(self, version: str | None, question: dict[str, Any]) -> dict[str, Any]:
        """Ask until `version` answers."""
        answers: list[dict[str, Any]] = []

        def has_answered() -> bool:
            answers.append(self.ask(question))
            return bool(answers[-1]["version"] == version)

        await eventually(has_answered)
        return answers[-1]

    def finish(self) -> int:
        """Let the process end by itself; its exit code."""
        self.process.communicate(timeout=PATIENCE)
        return self.process.returncode

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait until `condition`, which may block, holds."""
    async with asyncio.timeout(PATIENCE):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110 - other processes set no event of ours
            await asyncio.sleep(0.02)


def speed_identity() -> SourceIdentity:
    return identify(speed.original)  # type: ignore[arg-type]  # a plain function, as the decorator took it
