"""Sends letters back or drops them: the record first, then the audit, so that a death between the two loses neither.

The letter is still pending then, and goes again: with the same event id, which the readers' inboxes drop. One process
at a time (`turn`) reads what is settled and settles the rest.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from autodev.dead_letters.audit import Action, Audit, Decision, Handled, audit_event
from autodev.dead_letters.letter import Letter, LetterId
from autodev.dead_letters.reading import read_audit, read_letters, replaced
from autodev.dead_letters.redriving import RedriveRules
from autodev.dead_letters.tracing import sending
from autodev.dead_letters.turn import Turn, turn
from autodev.events.binary import to_record
from autodev.events.models.base import utc_now
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.ports import Publisher

BATCH_LETTERS: Final = 100
BATCH_BYTES: Final = 16 * 1_048_576


class Outcome(StrEnum):
    REDRIVEN = "redriven"
    DROPPED = "dropped"
    ALREADY_HANDLED = "already handled"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What came of a letter, or would come of it."""

    letter: Letter
    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True)
class Order:
    """What to do with which letters."""

    action: Action
    letters: Collection[LetterId]
    decision: Decision
    redrive_limit: int


async def foresee(order: Order, connection: KafkaConnection) -> AsyncGenerator[Settlement]:
    """What would come of each letter by now.

    Raises:
        KafkaError or OSError: the broker is away.
    """
    async with aclosing(_batches_foreseen(order, connection)) as batches:
        async for settlements in batches:
            for settlement in settlements:
                yield settlement


async def settle(
    order: Order, connection: KafkaConnection, publisher: Publisher, waiting: Callable[[], None]
) -> AsyncGenerator[Settlement]:
    """Carry out `order`, letter by letter, when nobody else is settling letters; `waiting` is called if somebody is.

    Raises:
        KafkaError or OSError: the broker is away, or took us for dead. What was yielded before is done; the same order
            does the rest.
    """
    async with turn(connection, waiting) as ours, aclosing(_batches_foreseen(order, connection)) as batches:
        async for settlements in batches:
            await _carry_out(settlements, order.decision, publisher, ours)
            for settlement in settlements:
                yield settlement


async def _batches_foreseen(order: Order, connection: KafkaConnection) -> AsyncGenerator[list[Settlement]]:
    audit = await read_audit(connection)
    groups = sorted({letter.group for letter in order.letters})
    async with aclosing(read_letters(connection, groups)) as letters:
        async for batch in _batches(letter async for letter in letters if letter.id in order.letters):
            gone = await replaced(connection, batch) if order.action is Action.REDRIVEN else frozenset()
            rules = RedriveRules(order.redrive_limit, utc_now(), gone)
            yield [_foresee(letter, order, audit, rules) for letter in batch]


def _foresee(letter: Letter, order: Order, audit: Audit, rules: RedriveRules) -> Settlement:
    if handled := audit.of(letter):
        return Settlement(letter, Outcome.ALREADY_HANDLED, str(handled))
    if order.action is Action.REDRIVEN and (why := rules.refusal(letter)):
        return Settlement(letter, Outcome.REFUSED, why)
    audit.note(letter, Handled(order.action, rules.now, order.decision.by))  # the same letter may come twice
    if order.action is Action.DROPPED or letter.origin is None:
        return Settlement(letter, Outcome.DROPPED)
    return Settlement(letter, Outcome.REDRIVEN, f"to {letter.origin.topic}")


async def _carry_out(settlements: Sequence[Settlement], decision: Decision, publisher: Publisher, ours: Turn) -> None:
    back = [each.letter for each in settlements if each.outcome is Outcome.REDRIVEN]
    dropped = [each.letter for each in settlements if each.outcome is Outcome.DROPPED]
    if back:
        ours.require()
        with sending(back) as records:
            await publisher.publish(records)
    events = [audit_event(letter, Action.REDRIVEN, decision) for letter in back]
    events += [audit_event(letter, Action.DROPPED, decision) for letter in dropped]
    if events:
        ours.require()
        await publisher.publish([to_record(event) for event in events])


async def _batches(letters: AsyncIterable[Letter]) -> AsyncGenerator[list[Letter]]:
    batch: list[Letter] = []
    size = 0
    async for letter in letters:
        batch.append(letter)
        size += len(letter.record.value or b"")
        if len(batch) == BATCH_LETTERS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
