"""The same id with other content: neither an event sent again nor one that may vanish."""

from __future__ import annotations

from dataclasses import replace

from autodev.events.binary import to_record
from autodev.events.catalogue import dead_letter_topic
from autodev.events.envelope import Event
from autodev.events.models.agent import TaskEvent
from autodev.stream.failures import FailureClass
from tests.contract.stream.handlers import Noting
from tests.contract.stream.reports import report
from tests.contract.stream.runtime import Runtime

LETTERS = dead_letter_topic("first")


def saying(words: str, event: Event[TaskEvent]) -> Event[TaskEvent]:
    return replace(report(words), id=event.id)


async def test_another_event_under_a_known_id_becomes_a_dead_letter_and_its_neighbours_pass(runtime: Runtime) -> None:
    said = report("said")
    await runtime.join(Noting(runtime.tested))
    await runtime.send(said)
    await runtime.noted(1)
    other = to_record(saying("something else", said))
    await runtime.send(report("before"), other, said, report("after"))
    assert await runtime.noted(3) == ["said", "before", "after"]
    (letter,) = await runtime.arrived(LETTERS, 1)
    assert (letter.key, letter.value) == (other.key, other.value)
    headers = dict(letter.headers)
    assert headers["dlq-error-class"] == FailureClass.INVALID.encode()
    message = (headers["dlq-error-message"] or b"").decode()
    assert "was used before with other content, first seen at" in message
    assert said.id in message


async def test_of_two_contents_under_one_id_in_a_batch_the_first_has_its_effect(runtime: Runtime) -> None:
    first = report("first")
    second = to_record(saying("second", first))
    await runtime.send(first, second, first, report("the end"))
    await runtime.join(Noting(runtime.tested))
    assert await runtime.noted(2) == ["first", "the end"]
    (letter,) = await runtime.arrived(LETTERS, 1)
    assert letter.value == second.value
