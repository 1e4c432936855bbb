"""Moments as events write them: RFC 3339, with a zone, read as UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

_DATE = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_MINUTE = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_RFC_3339 = re.compile(rf"({_DATE}[Tt ]{_MINUTE}:)([0-5][0-9]|60)((?:\.[0-9]+)?)(Z|z|[+-]{_MINUTE})?")
"""With a blank for the T, as section 5.6 allows. `fromisoformat` knows much more, which readers elsewhere do not."""


def parse_moment(text: str) -> datetime:
    """The moment that `text` tells, to the microsecond; in a leap second, the second after it.

    Raises:
        ValueError: not RFC 3339, without a zone, or out of the range of datetime in UTC.
    """
    parts = _RFC_3339.fullmatch(text)
    if parts is None:
        raise ValueError("is no RFC 3339 time")
    to_the_minute, second, fraction, zone = parts.groups()
    if zone is None:
        raise ValueError("has no time zone")
    leaps = second == "60"
    written = f"{to_the_minute}59{fraction}{zone}" if leaps else text
    try:
        moment = datetime.fromisoformat(written.upper())
    except ValueError:
        raise ValueError("is no RFC 3339 time") from None
    return _after_leap(_to_utc(moment)) if leaps else _to_utc(moment)


def _after_leap(moment: datetime) -> datetime:
    """What is a second after `moment`, the last second before a leap second."""
    if (moment.hour, moment.minute) != (23, 59):
        raise ValueError("is no RFC 3339 time")
    try:
        return moment + timedelta(seconds=1)
    except OverflowError:
        raise ValueError("is out of range") from None


def _to_utc(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is out of range") from None


def _from_text(value: Any) -> Any:
    """The model's own parser would take a number, even one in quotes, for seconds since 1970."""
    return parse_moment(value) if isinstance(value, str) else value


UtcDatetime = Annotated[AwareDatetime, BeforeValidator(_from_text), AfterValidator(_to_utc)]
