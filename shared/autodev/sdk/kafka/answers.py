"""What a broker answers to a record: that it has it, that it never will, or nothing yet."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Literal

from aiokafka import errors


@dataclass(frozen=True, slots=True)
class Arrived:
    """Acknowledged by all replicas."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The broker refuses the record, or another one of its batch, and would do so again."""

    reason: str


class _Open(Enum):
    PENDING = "pending"


PENDING: Final = _Open.PENDING
"""Neither: to be sent again."""

Answer = Arrived | Refused | Literal[_Open.PENDING]

_FOR_GOOD = (
    errors.MessageSizeTooLargeError,
    errors.RecordListTooLargeError,
    errors.InvalidTimestampError,
    errors.InvalidTopicError,
    errors.UnsupportedForMessageFormatError,
    errors.PolicyViolationError,
    errors.TopicAuthorizationFailedError,
)
"""Errors of the record itself. Other errors that aiokafka does not retry are of the producer or of the moment."""


def answer_to(future: asyncio.Future[Any]) -> Answer:
    """The answer that `future` of a send holds; one that is not done is given up."""
    if not future.done():
        future.cancel()
        return PENDING
    if future.cancelled():
        return PENDING
    error = future.exception()
    if error is None:
        return Arrived()
    return refusal(error) or PENDING


def refusal(error: BaseException) -> Refused | None:
    """That `error` refuses the record for good; None if it may arrive yet."""
    if not isinstance(error, _FOR_GOOD):
        return None
    return Refused(f"{type(error).__name__}: {error}")
