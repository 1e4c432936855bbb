"""A dead letter, read from its group's topic. Headers and value may be a stranger's: nothing in it is trusted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from pydantic import ValidationError

from autodev.dead_letters.tenancy import tenant_of
from autodev.events.catalogue import dead_letter_topic
from autodev.events.models.operations import RecordPlace
from autodev.events.record import Record
from autodev.ids import TenantId
from autodev.stream.dead_letters import ORIGINAL_TIME, REDRIVE_COUNT

_SUFFIX: Final = dead_letter_topic("").name
_ID: Final = re.compile(r"([A-Za-z0-9._-]+)/(\d{1,10})/(\d{1,18})", re.ASCII)
_NUMBER: Final = re.compile(rb"\d{1,19}")
_TIME: Final = re.compile(rb"-?\d{1,19}")
_COUNT: Final = re.compile(rb"\d{1,6}")
_EPOCH: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True, order=True)
class LetterId:
    """Written ``<group>/<partition>/<offset>``."""

    group: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.group}/{self.partition}/{self.offset}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Raises:
            ValueError: `text` is not written so.
        """
        if (match := _ID.fullmatch(text)) is None:
            raise ValueError(f"{text!r} is not of the form GROUP/PARTITION/OFFSET")
        return cls(match[1], int(match[2]), int(match[3]))


@dataclass(frozen=True, slots=True)
class Letter:
    id: LetterId
    record: Record
    """As it lies in the dead-letter topic: key and value are the original's."""
    origin: RecordPlace | None
    """Where the group read it; None unless it says so the way the group itself writes it."""
    tenant: TenantId | None
    """Whose it is, as far as key and data tell."""
    error_class: str
    reason: str
    attempts: str
    first_failed_at: datetime | None
    sent_ms: int
    """The time that its sender gave it, in milliseconds."""
    redrives: int
    """How often it was sent back; 0 where it says what we never write."""

    @property
    def time(self) -> datetime:
        """When it failed; where it does not say, when it was sent."""
        return self.first_failed_at or self.sent_at

    @property
    def sent_at(self) -> datetime:
        """`sent_ms`, or 1970 where no calendar has it."""
        try:
            return datetime.fromtimestamp(self.sent_ms / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            return _EPOCH


def read_letter(record: Record) -> Letter:
    """The letter that `record`, of a dead-letter topic, is. Any record is one, however odd."""
    group = record.topic.removesuffix(_SUFFIX)
    said = _said_once(record)
    origin = _origin(said) if _text(said, "dlq-original-group") == group else None
    return Letter(
        id=LetterId(group, record.partition, record.offset),
        record=record,
        origin=origin,
        tenant=tenant_of(record, origin.topic if origin else None),
        error_class=_text(said, "dlq-error-class"),
        reason=_text(said, "dlq-error-message"),
        attempts=_text(said, "dlq-attempts"),
        first_failed_at=_time(_text(said, "dlq-first-failed-at")),
        sent_ms=int(said[ORIGINAL_TIME]) if _TIME.fullmatch(said.get(ORIGINAL_TIME, b"")) else record.timestamp_ms,
        redrives=_count(said.get(REDRIVE_COUNT, b"")),
    )


def _said_once(record: Record) -> Mapping[str, bytes]:
    """Headers by name, without those that are null or come twice: the group writes each of its own once."""
    times = Counter(name for name, _ in record.headers)
    return {name: value for name, value in record.headers if value is not None and times[name] == 1}


def _origin(said: Mapping[str, bytes]) -> RecordPlace | None:
    partition, offset = (said.get(f"dlq-original-{name}", b"") for name in ("partition", "offset"))
    if not (_NUMBER.fullmatch(partition) and _NUMBER.fullmatch(offset)):
        return None
    try:
        return RecordPlace(topic=_text(said, "dlq-original-topic"), partition=int(partition), offset=int(offset))
    except ValidationError:
        return None


def _text(said: Mapping[str, bytes], name: str) -> str:
    return said.get(name, b"").decode("utf-8", "backslashreplace")


def _count(value: bytes) -> int:
    return int(value) if _COUNT.fullmatch(value) else 0


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
