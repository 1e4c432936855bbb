"""Dead letters: the original record unchanged, and beside it why it was given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from autodev.events.catalogue import dead_letter_topic
from autodev.events.record import OutgoingRecord, Record
from autodev.stream.failures import FailureClass

MAX_MESSAGE = 1_000
REDRIVE_COUNT = "dlq-redrive-count"


@dataclass(frozen=True, slots=True)
class Defect:
    """Why a record can't be processed."""

    failure: FailureClass
    message: str
    attempts: int
    first_failed_at: datetime


def dead_letter(record: Record, group: str, defect: Defect) -> OutgoingRecord:
    """The record for `group`'s dead letters: key, value, headers and timestamp as they were."""
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
    kept = tuple((name, value) for name, value in record.headers if name not in added and name != REDRIVE_COUNT)
    return OutgoingRecord(
        topic=dead_letter_topic(group).name,
        key=record.key,
        value=record.value,
        headers=(
            *kept,
            *((name, text.encode("utf-8", "backslashreplace")) for name, text in added.items()),
            (REDRIVE_COUNT, redrives),
        ),
        timestamp_ms=record.timestamp_ms,
    )
