"""Moments as events write them: RFC 3339, with a zone, read as UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator


def parse_moment(text: str) -> datetime:
    """The moment that `text` tells.

    Raises:
        ValueError: not RFC 3339, without a zone, or out of the range of datetime in UTC.
    """
    # ISO 8601 knows weeks, days of the year and forms without dashes too, which readers elsewhere do not.
    if text[4:5] != "-" or text[7:8] != "-" or text[10:11] not in ("T", "t", " "):
        raise ValueError("is no RFC 3339 time")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("is no RFC 3339 time") from None
    if moment.tzinfo is None:
        raise ValueError("has no time zone")
    return _to_utc(moment)


def _to_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is out of range") from None


def _from_text(value: Any) -> Any:
    """The model's own parser would take a number, even one in quotes, for seconds since 1970."""
    return parse_moment(value) if isinstance(value, str) else value


UtcDatetime = Annotated[AwareDatetime, BeforeValidator(_from_text), AfterValidator(_to_utc)]
