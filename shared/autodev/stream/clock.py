"""The time of a transaction: one moment for all that is decided in it, as PostgreSQL's own `now()` is.

What a handler takes from a clock has to be the same when the service's tables are rebuilt from its topics, so a
journaled transaction says when it was, and a rebuild says it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Final

from autodev.events.models.base import utc_now

_moment: Final[ContextVar[datetime | None]] = ContextVar("transaction_time", default=None)


def transaction_time() -> datetime:
    """When the transaction in work began, in UTC; outside of any, and in one that names no moment, now."""
    return _moment.get() or utc_now()


@contextmanager
def taking_place_at(moment: datetime) -> Iterator[None]:
    """Let `transaction_time` be `moment` within the block."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
