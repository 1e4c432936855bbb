"""Sends letters back or drops them: the record first, then the audit, so that a death between the two loses neither.

The letter is still pending then, and goes again: with the same event id, which the readers' inboxes drop.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from autodev.dead_letters.audit import Action, Audit, Decision, Handled, audit_event
from autodev.dead_letters.letter import Letter, LetterId
from autodev.dead_letters.reading import read_audit, read_letters, replaced
from autodev.dead_letters.redriving import RedriveRules
from autodev.dead_letters.tracing import sending
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


async def settle(order: Order, connection: KafkaConnection, publisher: Publisher | None) -> AsyncGenerator[Settlement]:
    """Carry out `order`, letter by letter; without a publisher, only say what would come of each.

    Raises:
        KafkaError or OSError: the broker is away. What was yielded before is done; the same order does the rest.
    """
    audit = await read_audit(connection)
    groups = sorted({letter.group for letter in order.letters})
    async with aclosing(read_letters(connection, groups)) as letters:
        async for batch in _batches(letter async for letter in letters if letter.id in order.letters):
            gone = await replaced(connection, batch) if order.action is Action.REDRIVEN else frozenset()
            rules = RedriveRules(order.redrive_limit, utc_now(), gone)
            settlements = [_foresee(letter, order, audit, rules) for letter in batch]
            if publisher is not None:
                await _carry_out(settlements, order.decision, publisher)
            for settlement in settlements:
                yield settlement


def _foresee(letter: Letter, order: Order, audit: Audit, rules: RedriveRules) -> Settlement:
    if handled := audit.of(letter):
        return Settlement(letter, Outcome.ALREADY_HANDLED, str(handled))
    if order.action is Action.REDRIVEN and (why := rules.refusal(letter)):
        return Settlement(letter, Outcome.REFUSED, why)
    audit.note(letter, Handled(order.action, rules.now, order.decision.by))  # the same letter may come twice
    if order.action is Action.DROPPED or letter.origin is None:
        return Settlement(letter, Outcome.DROPPED)
    return Settlement(letter, Outcome.REDRIVEN, f"to {letter.origin.topic}")


async def _carry_out(settlements: Sequence[Settlement], decision: Decision, publisher: Publisher) -> None:
    back = [each.letter for each in settlements if each.outcome is Outcome.REDRIVEN]
    dropped = [each.letter for each in settlements if each.outcome is Outcome.DROPPED]
    if back:
        with sending(back) as records:
            await publisher.publish(records)
    events = [audit_event(letter, Action.REDRIVEN, decision) for letter in back]
    events += [audit_event(letter, Action.DROPPED, decision) for letter in dropped]
    if events:
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
