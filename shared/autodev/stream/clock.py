"""The time of a transaction: one moment for all that is decided in it.

What a handler takes from a clock has to be the same when the service's tables are rebuilt from its topics, so a
journaled transaction says when it was, and a rebuild says it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import Final

from autodev.events.models.base import utc_now


def now() -> datetime:
    """The clock of transactions: looked up at each call, so that a drill can put it wrong."""
    return utc_now()


_moment: Final[ContextVar[Callable[[], datetime]]] = ContextVar("transaction_time", default=now)


def transaction_time() -> datetime:
    """When the transaction in work was first asked for its time, in UTC; outside of any, now.

    Not when it began: one that waited for another's locks comes after it, and has to say so.
    """
    return _moment.get()()


@contextmanager
def one_moment(clock: Callable[[], datetime]) -> Iterator[None]:
    """Let `transaction_time` be, within the block, what `clock` says when it is first asked for."""
    token = _moment.set(cache(clock))
    try:
        yield
    finally:
        _moment.reset(token)


def taking_place_at(moment: datetime) -> AbstractContextManager[None]:
    """Let `transaction_time` be `moment` within the block."""
    return one_moment(lambda: moment)
