"""A service's membership in its consumer group."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.events.catalogue import SUBSCRIPTIONS
from autodev.events.envelope import Event
from autodev.service.context import Context
from autodev.stream.batch import BatchProcessor
from autodev.stream.group import MAX_RECORDS, Admit, GroupMember, at_once
from autodev.stream.handler import BatchHandler
from autodev.stream.kafka.subscription import KafkaSubscription
from autodev.stream.reading import accept


class Member(Protocol):
    @property
    def trouble(self) -> str | None:
        """Why it does not work as it should; None if it does."""

    @property
    def failure(self) -> BaseException | None:
        """What only a restart helps; None while there is nothing of the kind."""

    async def stop(self) -> None:
        """Stop polling, finish what is in flight, commit, leave the group."""


Join = Callable[[Context], Awaitable[Member]]


def reads(
    handler: Callable[[Context], BatchHandler[AsyncConnection]],
    *,
    check: Callable[[Event[Any]], None] = accept,
    admit: Admit = at_once,
    max_records: int = MAX_RECORDS,
) -> Join:
    """Join the service's group on its topics and hand their events to `handler`, once `admit` lets them.

    `max_records` go into one transaction: few where handling one takes seconds.
    """

    async def join(context: Context) -> Member:
        processor = BatchProcessor(
            group=context.name,
            source=f"/services/{context.name}",
            ledger=context.ledger,
            handler=handler(context),
            check=check,
            limits=context.settings.dead_letters.limits(),
        )
        topics = [topic.name for topic in SUBSCRIPTIONS[context.name]]
        connection = context.settings.kafka.connection(context.name)
        member = GroupMember(
            KafkaSubscription(connection, context.name, topics), processor, context.stop, max_records, admit
        )
        await member.start()
        return member

    return join
