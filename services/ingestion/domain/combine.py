"""The combiner: all failures of one poll that are the same problem in the same second become one record.

Analysis pays for records, not for failures; this keeps a flood of failures off its path.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from autodev.events.envelope import Event
from autodev.events.models.failure import EpisodeRecorded, FailureBatched
from autodev.ids import TenantId


@dataclass(frozen=True, slots=True)
class Failure:
    cause: Event[Any]
    episode: EpisodeRecorded
    error_type: str


def combine(
    failures: Iterable[Failure], thresholds: Mapping[TenantId, int], default_threshold: int
) -> list[tuple[FailureBatched, Event[Any]]]:
    """Failures grouped by tenant, agent, signature (or words) and second, each with the event that came first."""
    groups: dict[tuple[str, ...], list[Failure]] = {}
    for failure in failures:
        episode = failure.episode
        problem = episode.signature or f"words {episode.description}"
        second = int(episode.occurred_at.timestamp())
        groups.setdefault((episode.tenant_id, episode.agent_id, problem, str(second)), []).append(failure)
    return [(_batched(group, thresholds, default_threshold), group[0].cause) for group in groups.values()]


def _batched(group: list[Failure], thresholds: Mapping[TenantId, int], default_threshold: int) -> FailureBatched:
    first = group[0].episode
    return FailureBatched(
        tenant_id=first.tenant_id,
        agent_id=first.agent_id,
        signature=first.signature,
        case_id=first.case_id,
        description="" if first.signature else first.description,
        skill=first.skill,
        error_type=group[0].error_type,
        second=int(first.occurred_at.timestamp()),
        count=len(group),
        threshold=thresholds.get(first.tenant_id, default_threshold),
    )
