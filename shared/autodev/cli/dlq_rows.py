"""Dead letters as rows and fields. What a letter holds may be hostile: printing makes it visible, never here."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from autodev.dead_letters.audit import Handled
from autodev.dead_letters.letter import Letter
from autodev.dead_letters.settling import Settlement

LISTED: Final = ("letter", "state", "failed_at", "topic", "tenant", "error_class", "redrives", "reason")
REASON_SHOWN: Final = 160
"""Characters of a reason in a table."""


def row(letter: Letter, handled: Handled | None) -> dict[str, Any]:
    """All of a letter but its headers and its value."""
    return {
        "letter": str(letter.id),
        "state": handled.action.value if handled else "pending",
        "failed_at": _iso(letter.first_failed_at),
        "topic": letter.origin.topic if letter.origin else None,
        "partition": letter.origin.partition if letter.origin else None,
        "offset": letter.origin.offset if letter.origin else None,
        "tenant": letter.tenant,
        "error_class": letter.error_class,
        "reason": letter.reason,
        "attempts": letter.attempts,
        "redrives": letter.redrives,
        "key": _text(letter.record.key),
        "sent_at": _iso(letter.sent_at),
        "bytes": None if letter.record.value is None else len(letter.record.value),
        "handled_at": _iso(handled.at) if handled else None,
        "handled_by": handled.by if handled else None,
        "handled_reason": handled.reason if handled else None,
    }


def listed(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row for a table: its reason cut."""
    reason = row["reason"]
    return {**row, "reason": reason if len(reason) <= REASON_SHOWN else f"{reason[:REASON_SHOWN]}…"}


def content(letter: Letter) -> dict[str, Any]:
    """Headers and value, as text and, since text may not hold them, exactly."""
    return {
        "headers": [
            {"name": name, "value": _text(value), "base64": _base64(value)} for name, value in letter.record.headers
        ],
        "value": _text(letter.record.value),
        "value_base64": _base64(letter.record.value),
    }


def settled(settlement: Settlement) -> dict[str, str]:
    return {
        "letter": str(settlement.letter.id),
        "outcome": settlement.outcome.value,
        "detail": settlement.detail,
    }


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "backslashreplace")


def _base64(value: bytes | None) -> str | None:
    return None if value is None else b64encode(value).decode()


def _iso(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None
