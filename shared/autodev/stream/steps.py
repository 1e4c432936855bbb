"""The places between which a crash must change nothing, so that a test can make one there.

Production code says `reached(step)`; nobody listens unless a test has called `observe` in the same process.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    POLLED = "polled"
    """Records were fetched, nothing was done with them."""
    IN_TRANSACTION = "in-transaction"
    """Effects, inbox and outbox are written, nothing is committed to the database."""
    TRANSACTED = "transacted"
    """The database has committed; nobody outside knows."""
    COMMITTING = "committing"
    """The offsets are about to be committed to the broker."""
    PRODUCED = "produced"
    """The broker has the outbox rows; they are not marked as published."""


Observer = Callable[[Step], None]


def ignore(_step: Step) -> None:
    """The observer of a service in production."""


_observer: Observer = ignore


def observe(observer: Observer) -> None:
    """Have `observer` called at every step of this process from now on, synchronously, in place of the one before."""
    global _observer  # noqa: PLW0603 - one process, one observer, installed before its work begins
    _observer = observer


def reached(step: Step) -> None:
    """Tell the observer. Call it where `step` has just become true."""
    _observer(step)
