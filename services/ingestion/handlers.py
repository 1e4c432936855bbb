"""Reports in; episodes, combined failures and thresholds out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.binary import InvalidRecordError
from autodev.events.catalogue import TASK_REPORTED
from autodev.events.envelope import Event
from autodev.events.models.agent import SkillExecutionEvent, TaskEvent
from autodev.events.models.workspace import AutoDevSettings, WorkspaceConfigured
from autodev.stream.clock import transaction_time
from autodev.stream.emission import Emission, emit
from services.ingestion import store
from services.ingestion.domain.combine import Failure, combine
from services.ingestion.domain.episode import check_time, to_episode


def check(event: Event[Any]) -> None:
    """What the models can't know: a report belongs to its key and to the time that is kept."""
    report = event.data
    if not isinstance(report, (TaskEvent, SkillExecutionEvent)):
        return
    if event.key != report.record_key():
        raise InvalidRecordError("key", f"is not {report.record_key()!r}, the tenant and agent of the data")
    check_time(report.occurred_at, transaction_time(), TASK_REPORTED.retention)


async def handle(events: Sequence[Event[Any]], connection: AsyncConnection) -> Iterable[Emission]:
    emissions: list[Emission] = []
    stored: list[store.StoredEpisode] = []
    failures: list[Failure] = []
    for event in events:
        if isinstance(event.data, WorkspaceConfigured):
            await store.set_threshold(connection, event.data.tenant_id, event.data.settings.failure_threshold)
        elif isinstance(event.data, (TaskEvent, SkillExecutionEvent)):
            episode, error_type = to_episode(event)
            stored.append(store.StoredEpisode(event.source, episode))
            emissions.append(emit(episode, event, case=episode.case_id))
            if episode.outcome.is_failure:
                failures.append(Failure(event, episode, error_type))
    await store.add_episodes(connection, stored)
    if failures:
        thresholds = await store.thresholds(connection, {failure.episode.tenant_id for failure in failures})
        batched = combine(failures, thresholds, AutoDevSettings().failure_threshold)
        emissions.extend(emit(failure, cause, case=failure.case_id) for failure, cause in batched)
    return emissions
