"""What all read models are: frozen documents, folded from events."""

from __future__ import annotations

from abc import abstractmethod
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from autodev.ids import TenantId


class Fact(BaseModel):
    """A part of a document: what one event said."""

    model_config = ConfigDict(frozen=True)


class Document(Fact):
    """One read model of a tenant. Two of one kind, tenant and `key` are the same thing at different times."""

    tenant_id: TenantId

    @property
    @abstractmethod
    def key(self) -> str:
        """Its id within its kind and tenant."""


class Dated(Protocol):
    @property
    def at(self) -> datetime: ...


D = TypeVar("D", bound=Dated)


def latest(known: D | None, new: D) -> D:
    """The later of two facts of one kind; at equal times, the one that came last."""
    return new if known is None or new.at >= known.at else known


_TICK: Final = timedelta(microseconds=1)
_LAST: Final = datetime.max.replace(tzinfo=UTC)


def after(now: datetime, *answered: datetime | None) -> datetime:
    """When a person's decision happened: now, but always after the events that it answers.

    Those carry the time of the agent's report that set them off, and an agent's clock may run ahead of ours. Nothing
    comes after the calendar's last moment: a decision then is of that moment, and counts as the later (`latest`).
    """
    return max([now, *(min(moment, _LAST - _TICK) + _TICK for moment in answered if moment is not None)])
