"""Whether the episode of a report fits its topic: written again, what fits may be several times as long."""

from __future__ import annotations

from typing import Final

from autodev.events.binary import InvalidRecordError, to_record
from autodev.events.catalogue import EPISODE_RECORDED
from autodev.events.envelope import Event
from autodev.events.models.agent import SkillExecutionEvent, TaskEvent
from autodev.stream.emission import emit, to_events
from services.ingestion.domain.episode import to_episode

_WRITTEN_GROWS: Final = 5
"""Times that data are longer when written again, at most: 4 characters, ``1e15``, become 18."""
_DEFAULTS: Final = 4_096
"""Bytes of what is written though it was not sent."""
_SCRUBBED_GROWS: Final = 4
"""Times that scrubbing makes data longer, at most: 7 characters, ``a://:b@``, become 16."""
_HEADROOM: Final = 1_024
"""Bytes of headers that are not known yet: the trace of the handling, the moment, this service's name."""


def check_size(event: Event[TaskEvent | SkillExecutionEvent]) -> None:
    """Refuse what would fail its handler after it was accepted: ``1e15`` was sent, ``1000000000000000.0`` is passed on.

    Raises:
        InvalidRecordError: with both sizes.
    """
    assert event.data is not None, "reports have data"
    if event.size > 0 and (event.size * _WRITTEN_GROWS + _DEFAULTS) * _SCRUBBED_GROWS < EPISODE_RECORDED.max_bytes:
        return  # nearly always: the episode need not be made to be weighed
    episode, _ = to_episode(event)
    [recorded] = to_events([emit(episode, event, case=episode.case_id)], event.source)
    size, takes = to_record(recorded).size + _HEADROOM, EPISODE_RECORDED.max_bytes
    if size > takes:
        raise InvalidRecordError(
            "data",
            f"is {size} bytes when written out for {EPISODE_RECORDED.name}, which takes {takes}: send less,"
            " or long numbers as text",
        )
