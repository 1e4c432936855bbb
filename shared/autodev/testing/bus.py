"""`memory_bus`: the SDK as in production, but for the broker, which is in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from autodev.events.binary import from_record, to_record
from autodev.events.catalogue import SKILL_EXECUTED, SKILL_REGISTERED, TASK_REPORTED, event_type
from autodev.events.envelope import Event, new_event
from autodev.events.models.agent import SkillExecutionEvent, SkillRegistered, TaskEvent
from autodev.events.models.base import EventData, utc_now
from autodev.events.models.case import SkillPromoted
from autodev.ids import AgentId, CandidateId, CaseId, Sha256, TenantId, new_event_id, sha256
from autodev.sdk.bus.event_bus import event_bus
from autodev.sdk.bus.handling import TOPICS, handle
from autodev.sdk.client import Client
from autodev.sdk.hot_loading.change import VersionChange
from autodev.sdk.runtime import RUNTIME
from autodev.sdk.settings import Settings
from autodev.sdk.skills.definition import SkillDefinition
from autodev.sdk.skills.registry import REGISTRY
from autodev.testing.memory import MemoryBroker, MemoryTransport

D = TypeVar("D", bound=EventData)

_SECONDS = 10.0
_SOURCE = "/autodev/testing"


class MemoryBus:
    """What a test sees of the broker in memory. Each look waits until everything recorded so far has arrived."""

    def __init__(self, client: Client, broker: MemoryBroker) -> None:
        self._client = client
        self.broker = broker
        self.changes: list[VersionChange] = []
        """Which versions skills of this process began to run, oldest first."""

    @property
    def executions(self) -> list[SkillExecutionEvent]:
        """Reported executions, oldest first."""
        return self._data(SKILL_EXECUTED.name, SkillExecutionEvent)

    @property
    def failures(self) -> list[SkillExecutionEvent]:
        """Those of `executions` that failed."""
        return [execution for execution in self.executions if not execution.success]

    @property
    def tasks(self) -> list[TaskEvent]:
        """Reported tasks, oldest first."""
        return self._data(TASK_REPORTED.name, TaskEvent)

    @property
    def registrations(self) -> list[SkillRegistered]:
        """Registered sources, oldest first."""
        return self._data(SKILL_REGISTERED.name, SkillRegistered)

    def events(self, *topics: str) -> list[Event[EventData]]:
        """All events of `topics`, with their envelopes; of all topics if none is named."""
        assert self._client.flush(_SECONDS), "reports did not reach the broker in memory"
        return [from_record(record) for record in self.broker.records(*topics)]

    def promote(
        self,
        skill: Any,
        code: str,
        *,
        version: str = "1.0.0",
        code_hash: str | None = None,
        function_hash: str | None = None,
    ) -> None:
        """Promote `code`, the new source of the function, and wait until this process runs it, or refuses to.

        It refuses code that is not of `code_hash`, and a version of another original than `function_hash` says; by
        default both fit.
        """
        definition = _definition(skill)
        identity = definition.identity()
        assert identity is not None, f"{definition.name} has no source, so nothing can be promoted for it"
        promotion = SkillPromoted(
            tenant_id=self._client.settings.tenant,
            agent_id=self._client.settings.agent,
            skill=definition.name,
            entrypoint=definition.function.__qualname__,
            version=version,
            code=code,
            code_hash=Sha256(code_hash or sha256(code)),
            content_hash=identity.content_hash,
            function_hash=Sha256(function_hash or identity.function_hash),
            replaces=definition.current.code_hash,
            case_id=CaseId(new_event_id()),
            candidate_id=CandidateId(new_event_id()),
            approved_by="a test",
            first_failure_at=utc_now(),
            promoted_at=utc_now(),
        )
        self._announce(new_event(promotion, source=_SOURCE))

    def withdraw(self, skill: Any) -> None:
        """Withdraw what was promoted for `skill`, and wait until this process runs its original."""
        name = _definition(skill).name
        self._announce(
            Event(
                id=new_event_id(),
                source=_SOURCE,
                type=event_type("dev.autodev.skill.promoted.v1"),
                time=datetime.now(UTC),
                key=f"{self._client.settings.tenant}/{name}",
                data=None,
            )
        )

    async def run_handlers(self, *, group: str = "test") -> int:
        """Run the handlers of `event_bus` for all events that `group` has not seen; how many those were."""
        assert self._client.flush(_SECONDS), "reports did not reach the broker in memory"
        batch = self.broker.uncommitted(group, TOPICS)
        for record in batch:
            await handle(record, event_bus.handlers, self._client.settings.tenant)
        self.broker.commit(group, batch)
        return len(batch)

    def _announce(self, event: Event[EventData]) -> None:
        assert self._client.ready(_SECONDS), "hot loading did not start"
        self.broker.append([to_record(event)])
        assert self.broker.await_followed(_SECONDS), "the promotion was not followed"

    def _data(self, topic: str, model: type[D]) -> list[D]:
        return [event.data for event in self.events(topic) if isinstance(event.data, model)]


@contextmanager
def memory_bus(*, tenant: str = "test", agent: str = "test", broker: MemoryBroker | None = None) -> Iterator[MemoryBus]:
    """Record and hot-load through a broker in memory for as long as the block lasts; afterwards all is as before.

    `broker` is another bus's, for what several agents do to each other.
    """
    broker = broker or MemoryBroker()
    with tempfile.TemporaryDirectory(prefix="autodev-testing-") as directory:
        settings = Settings(TenantId(tenant), AgentId(agent), "memory", Path(directory))
        client = RUNTIME.connect(settings, lambda _settings: MemoryTransport(broker))
        previous = RUNTIME.use(client)
        _forget_all()
        bus = MemoryBus(client, broker)
        RUNTIME.on_promotion(bus.changes.append)
        try:
            yield bus
        finally:
            RUNTIME.off_promotion(bus.changes.append)
            RUNTIME.use(previous)
            client.close()
            _forget_all()


def _forget_all() -> None:
    for definition in REGISTRY:
        definition.forget()


def _definition(skill: Any) -> SkillDefinition:
    definition = next((known for known in REGISTRY if known.function is skill.original), None)
    assert definition is not None, f"{skill!r} is no recorded skill"
    return definition
