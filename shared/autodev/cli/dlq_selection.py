"""Which dead letters a command means: by their ids, or by what they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from autodev.cli.exits import CommandError, ExitCode

if TYPE_CHECKING:
    from autodev.dead_letters.filtering import Filter
    from autodev.dead_letters.letter import Letter, LetterId
    from autodev.stream.kafka.connection import KafkaConnection

Groups = Annotated[list[str] | None, typer.Option("--group", help="Only letters of that group; may be given again.")]
Topics = Annotated[list[str] | None, typer.Option("--topic", help="Only from that topic; may be given again.")]
OfTenant = Annotated[str, typer.Option("--tenant", help="Only of that workspace, as far as key or data name it.")]
ErrorClass = Annotated[str, typer.Option("--error-class", help="Only of that class: invalid or handler.")]
Contains = Annotated[str, typer.Option("--contains", help="Only with that text in key, value or reason.")]
Since = Annotated[str, typer.Option("--since", help="Only failed then or later, such as 2026-11-22T12:00; UTC.")]
Until = Annotated[str, typer.Option("--until", help="Only failed before.")]


@dataclass(frozen=True)
class Selection:
    groups: Sequence[str]
    filter: Filter
    restricted: bool
    """Whether any option was given at all."""


def selection(
    groups: Sequence[str],
    topics: Sequence[str],
    tenant: str,
    error_class: str,
    contains: str,
    since: str,
    until: str,
) -> Selection:
    """
    Raises:
        CommandError: an unknown group, or a time that is none.
    """
    from autodev.dead_letters.filtering import Filter

    chosen = Filter(
        topics=frozenset(topics),
        tenant=tenant or None,
        error_class=error_class or None,
        contains=contains or None,
        since=_time("--since", since),
        until=_time("--until", until),
    )
    return Selection(known_groups(groups), chosen, restricted=bool(groups) or chosen != Filter())


def known_groups(wanted: Collection[str]) -> Sequence[str]:
    """`wanted`, or all groups of the catalogue if it is empty.

    Raises:
        CommandError: one of them is no group.
    """
    from autodev.events.catalogue import SUBSCRIPTIONS

    if unknown := [group for group in wanted if group not in SUBSCRIPTIONS]:
        raise CommandError(
            ExitCode.USAGE, f"there is no group {unknown[0]!r}", f"choose one of: {', '.join(SUBSCRIPTIONS)}"
        )
    return list(dict.fromkeys(wanted or SUBSCRIPTIONS))


def letter_ids(texts: Sequence[str]) -> frozenset[LetterId]:
    """
    Raises:
        CommandError: one of them is not written as an id, or is of an unknown group.
    """
    from autodev.dead_letters.letter import LetterId

    try:
        ids = frozenset(LetterId.parse(text) for text in texts)
    except ValueError as error:
        raise CommandError(ExitCode.USAGE, str(error), "take it from 'autodev dlq list'") from None
    known_groups([letter.group for letter in ids])
    return ids


async def present(connection: KafkaConnection, ids: Collection[LetterId]) -> list[Letter]:
    """The letters of these ids.

    Raises:
        CommandError: there is no such letter.
    """
    from autodev.dead_letters.reading import read_letters

    found = {}
    async with aclosing(read_letters(connection, sorted({letter.group for letter in ids}))) as letters:
        async for letter in letters:
            if letter.id in ids:
                found[letter.id] = letter
    if missing := sorted(set(ids) - found.keys()):
        raise CommandError(
            ExitCode.NOT_FOUND,
            f"there is no dead letter {missing[0]}",
            "see 'autodev dlq list --all'; they are kept for 30 days",
        )
    return list(found.values())


async def pending(connection: KafkaConnection, chosen: Selection, limit: int | None) -> frozenset[LetterId]:
    """The ids of letters that match and wait, the first `limit` of them."""
    from autodev.dead_letters.reading import read_audit, read_letters

    audit = await read_audit(connection)
    found: set[LetterId] = set()
    async with aclosing(read_letters(connection, chosen.groups)) as letters:
        async for letter in letters:
            if limit is not None and len(found) >= limit:
                break
            if chosen.filter.matches(letter) and audit.of(letter) is None:
                found.add(letter.id)
    return frozenset(found)


def _time(option: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(
            ExitCode.USAGE, f"{option}: {text!r} is no time", "write 2026-11-22 or 2026-11-22T12:00:00+01:00"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
