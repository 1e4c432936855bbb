"""What goes back to the topic it came from, and what may not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from autodev.dead_letters.letter import Letter, LetterId
from autodev.events.catalogue import SUBSCRIPTIONS, Cleanup, Topic
from autodev.events.record import Headers, OutgoingRecord
from autodev.stream.dead_letters import ORIGINAL_TIME, REDRIVE_COUNT, TRUNCATED

_HOP: Final = frozenset({"traceparent", "tracestate"})
_ADDED: Final = frozenset(
    {
        "dlq-original-topic",
        "dlq-original-partition",
        "dlq-original-offset",
        "dlq-original-group",
        "dlq-error-class",
        "dlq-error-message",
        "dlq-attempts",
        "dlq-first-failed-at",
        "kafka_dlt-original-topic",
        ORIGINAL_TIME,
        REDRIVE_COUNT,
    }
)

READING_TIME: Final = timedelta(days=1)
"""What is sent back must lie on its topic for that long: its readers may be away."""


def topic_of(letter: Letter) -> Topic | None:
    """The topic that `letter` may go back to: one that its group reads, whatever else its headers name."""
    read = SUBSCRIPTIONS.get(letter.id.group, ())
    return next((topic for topic in read if letter.origin and topic.name == letter.origin.topic), None)


@dataclass(frozen=True)
class RedriveRules:
    limit: int
    """How often a record may be sent back."""
    now: datetime
    replaced: Collection[LetterId] = frozenset()
    """Letters of compacted topics whose key holds another value by now, or none."""

    def refusal(self, letter: Letter) -> str | None:
        """Why `letter` must not go back, and what to do instead; None if it may."""
        topic = topic_of(letter)
        if letter.origin is None:
            return f"its headers are not those that {letter.id.group} writes, so nobody knows where it belongs: drop it"
        if topic is None:
            return f"{letter.id.group} does not read {letter.origin.topic}, so it never wrote this letter: drop it"
        if any(name == TRUNCATED for name, _ in letter.record.headers):
            return "it was too large for the dead letters, so it is not whole: report it anew, or drop it"
        if letter.redrives >= self.limit:
            return (
                f"it was sent back {letter.redrives} times, and the limit is {self.limit}: mend its cause,"
                " then raise AUTODEV_DEAD_LETTERS__REDRIVES"
            )
        if self.now - letter.sent_at > topic.retention - READING_TIME:
            return (
                f"its time is {letter.sent_at:%Y-%m-%d %H:%M}Z, and {topic.name} keeps {topic.retention.days} days: the"
                " broker could delete it before it is read, and readers may have forgotten that they handled it:"
                " report it anew, or drop it"
            )
        if redriven(letter).size > topic.max_bytes:
            return f"it is larger than {topic.name} takes with one more header: report it anew, or drop it"
        if topic.cleanup is Cleanup.COMPACT and letter.id in self.replaced:
            return f"{topic.name} holds something newer for its key, which this would undo: drop it"
        return None


def redriven(letter: Letter, hop: Headers = ()) -> OutgoingRecord:
    """The record as it was before it became `letter`, counted once more; `hop` takes the place of its trace context.

    `letter` must have a topic to go back to (`topic_of`).
    """
    topic = topic_of(letter)
    assert topic is not None, "a letter without a topic is refused"
    gone = _ADDED | _HOP if hop else _ADDED
    kept = tuple((name, value) for name, value in letter.record.headers if name not in gone)
    return OutgoingRecord(
        topic=topic.name,
        key=letter.record.key,
        value=letter.record.value,
        headers=(*kept, *hop, (REDRIVE_COUNT, str(letter.redrives + 1).encode())),
        timestamp_ms=letter.sent_ms,
    )
