"""Events to send through the runtime."""

from __future__ import annotations

from autodev.events.envelope import Event, TraceContext, new_event
from autodev.events.models.agent import Outcome, TaskEvent
from autodev.ids import AgentId, EpisodeId, TenantId

SOURCE = "/agents/scout"


def report(words: str, *, agent: str = "scout", trace: TraceContext | None = None) -> Event[TaskEvent]:
    """An agent's report of a failed task; `words` tell it from others."""
    data = TaskEvent(
        tenant_id=TenantId("acme"),
        agent_id=AgentId(agent),
        episode_id=EpisodeId("episode-1"),
        task_description=words,
        outcome=Outcome.FAILURE,
    )
    return new_event(data, source=SOURCE, trace=trace)
