"""Dead letters: the original record unchanged, and beside it why it was given up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from autodev.events.catalogue import dead_letter_topic
from autodev.events.record import Headers, OutgoingRecord, Record, header_size
from autodev.stream.failures import FailureClass

MAX_MESSAGE = 1_000
MAX_NOTE = 200
REDRIVE_COUNT = "dlq-redrive-count"
TRUNCATED = "dlq-truncated"
"""Set on a letter that holds less than its record did, and says how much less; such a letter can't be sent back."""

ORIGINAL_TIME = "dlq-original-timestamp"
"""Set on a letter that has the time of its failure, and says that of its record, in milliseconds."""
TIME_KEPT = timedelta(days=7)
"""How old a record may be whose time its letter keeps: the broker deletes by that time, however new the letter is."""


@dataclass(frozen=True, slots=True)
class Defect:
    """Why a record can't be processed."""

    failure: FailureClass
    message: str
    attempts: int
    first_failed_at: datetime


def dead_letter(record: Record, group: str, defect: Defect) -> OutgoingRecord:
    """The record for `group`'s dead letters: key, value, headers and timestamp as they were.

    A record may be larger than the topic takes, since the broker measures what is compressed. Then as much is kept of
    key, headers and value, in this order, as fits. Nor would the broker keep a letter as old as some records say they
    are: such a letter has the time of its failure.
    """
    topic = dead_letter_topic(group)
    redrives = next((value for name, value in record.headers if name == REDRIVE_COUNT and value is not None), b"0")
    added = {
        "dlq-original-topic": record.topic,
        "kafka_dlt-original-topic": record.topic,
        "dlq-original-partition": str(record.partition),
        "dlq-original-offset": str(record.offset),
        "dlq-original-group": group,
        "dlq-error-class": defect.failure,
        "dlq-error-message": defect.message[:MAX_MESSAGE],
        "dlq-attempts": str(defect.attempts),
        "dlq-first-failed-at": defect.first_failed_at.isoformat(),
    }
    time_ms, failed_ms = record.timestamp_ms, int(defect.first_failed_at.timestamp() * 1_000)
    if failed_ms - time_ms > TIME_KEPT / timedelta(milliseconds=1):
        added[ORIGINAL_TIME] = str(time_ms)
        time_ms = failed_ms
    about = (
        *((name, text.encode("utf-8", "backslashreplace")) for name, text in added.items()),
        (REDRIVE_COUNT, redrives),
    )
    ours = {*added, REDRIVE_COUNT, TRUNCATED, ORIGINAL_TIME}
    kept = tuple(header for header in record.headers if header[0] not in ours)
    whole = OutgoingRecord(topic.name, record.key, record.value, (*kept, *about), time_ms)
    return whole if whole.size <= topic.max_bytes else _truncated(whole, kept, about, topic.max_bytes)


def _truncated(whole: OutgoingRecord, kept: Headers, about: Headers, max_bytes: int) -> OutgoingRecord:
    room = max_bytes - replace(whole, key=None, value=None, headers=about).size - MAX_NOTE
    key = _cut(whole.key, room)
    room -= len(key or b"")
    fitting = []
    for header in kept:
        room -= header_size(header)
        if room < 0:
            break
        fitting.append(header)
    value = _cut(whole.value, max(room, 0))
    note = (
        f"key {_length(key)} of {_length(whole.key)} bytes, headers {len(fitting)} of {len(kept)},"
        f" value {_length(value)} of {_length(whole.value)} bytes"
    )
    return replace(whole, key=key, value=value, headers=(*fitting, *about, (TRUNCATED, note.encode())))


def _cut(data: bytes | None, length: int) -> bytes | None:
    return data[:length] if data is not None else None


def _length(data: bytes | None) -> int:
    return len(data or b"")
