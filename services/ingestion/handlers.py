"""Reports in; episodes, combined failures and thresholds out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.envelope import Event
from autodev.events.models.agent import SkillExecutionEvent, SkillRegistered, TaskEvent
from autodev.events.models.workspace import AutoDevSettings, WorkspaceConfigured
from autodev.events.skill_source import check_source
from autodev.stream.clock import transaction_time
from autodev.stream.emission import Emission, emit
from services.ingestion import store
from services.ingestion.domain.combine import Failure, combine
from services.ingestion.domain.episode import check_time, to_episode
from services.ingestion.domain.values import check_values
from services.ingestion.size import check_size

REPORTS: Final = (SkillExecutionEvent, TaskEvent)
"""The frequent one first: whether an object is of another model than its own takes long to find out."""


def check(event: Event[Any]) -> None:
    """What the models can't know: a report is of the time that is kept, and its values and its source can be used, and
    what is made of it can be passed on."""
    report = event.data
    if isinstance(report, REPORTS):
        now, retention = transaction_time(), event.type.topic.retention
        check_time("ce_time", event.time, now, retention)
        check_time("occurred_at", report.occurred_at, now, retention)
        check_values(report)
        check_size(event)
    elif isinstance(report, SkillRegistered):
        check_source(report)


async def handle(events: Sequence[Event[Any]], connection: AsyncConnection) -> Iterable[Emission]:
    emissions: list[Emission] = []
    stored: list[store.StoredEpisode] = []
    failures: list[Failure] = []
    for event in events:
        if isinstance(event.data, REPORTS):
            episode, error_type = to_episode(event)
            written = episode.write()
            stored.append(store.StoredEpisode(event.source, episode, written))
            emissions.append(emit(episode, event, case=episode.case_id, written=written))
            if episode.outcome.is_failure:
                failures.append(Failure(event, episode, error_type))
        elif isinstance(event.data, WorkspaceConfigured):
            await store.set_threshold(connection, event.data.tenant_id, event.data.settings.failure_threshold)
    await store.add_episodes(connection, stored)
    if failures:
        thresholds = await store.thresholds(connection, {failure.episode.tenant_id for failure in failures})
        batched = combine(failures, thresholds, AutoDevSettings().failure_threshold)
        emissions.extend(emit(failure, cause, case=failure.case_id) for failure, cause in batched)
    return emissions
