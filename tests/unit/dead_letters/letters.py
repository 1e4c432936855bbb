"""Letters as a group writes them and the broker gives them back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from autodev.dead_letters.letter import Letter, read_letter
from autodev.events.binary import to_record
from autodev.events.catalogue import EPISODE_RECORDED, TASK_REPORTED
from autodev.events.models.operations import RecordPlace
from autodev.events.record import Headers, OutgoingRecord, Record
from autodev.stream.dead_letters import Defect, dead_letter
from autodev.stream.failures import FailureClass
from tests.unit.events import records

FAILED_AT: Final = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SENT_AT: Final = datetime(2026, 3, 1, 11, 59, tzinfo=UTC)
DEFECT: Final = Defect(FailureClass.HANDLER, "ValueError: odd", attempts=3, first_failed_at=FAILED_AT)
ORIGIN: Final = RecordPlace(topic=TASK_REPORTED.name, partition=3, offset=41)
GROUP: Final = "ingestion"


def original(
    *,
    topic: str = TASK_REPORTED.name,
    key: bytes | None = b"acme/planner",
    value: bytes | None = b'{"tenant_id": "acme"}',
    headers: Headers = (),
    sent_at: datetime = SENT_AT,
    offset: int = 41,
) -> Record:
    return Record(topic, 3, offset, int(sent_at.timestamp() * 1000), key, value, headers)


def laid_down(sent: OutgoingRecord, offset: int = 0) -> Record:
    """`sent` as it is read from partition 0."""
    assert sent.timestamp_ms is not None
    return Record(sent.topic, 0, offset, sent.timestamp_ms, sent.key, sent.value, sent.headers)


def letter(group: str = GROUP, defect: Defect = DEFECT, at: int = 0, **of: Any) -> Letter:
    """The letter that `group` writes at offset `at` when it gives up the record with these traits."""
    return read_letter(laid_down(dead_letter(original(**of), group, defect), at))


def forged(group: str = GROUP, /, **headers: bytes | None) -> Letter:
    """A letter as somebody else could write it straight into the group's topic: with other headers, or without them.

    Names are given with ``_`` for ``-``.
    """
    honest = letter(group).record
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kept = tuple((name, named.get(name, value)) for name, value in honest.headers)
    return read_letter(replace(honest, headers=tuple((name, value) for name, value in kept if value is not None)))


def of_grant(**with_: Any) -> Letter:
    """A letter whose record is on a compacted topic."""
    sent = to_record(records.event())
    return letter("proposals", topic=sent.topic, key=sent.key, value=sent.value, headers=sent.headers, **with_)


EPISODES: Final = EPISODE_RECORDED.name
