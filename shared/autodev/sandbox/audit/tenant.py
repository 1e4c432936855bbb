"""Whom a run is for: the port of engines does not know tenants, and whoever asks for a run does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_tenant: ContextVar[str | None] = ContextVar("sandbox_tenant", default=None)


@contextmanager
def on_behalf_of(tenant: str) -> Iterator[None]:
    """Runs that are asked for within the block, and by tasks that begin in it, are for `tenant`."""
    token = _tenant.set(tenant)
    try:
        yield
    finally:
        _tenant.reset(token)


def tenant() -> str | None:
    """For whom the current task runs; None where nobody said."""
    return _tenant.get()
