"""The values of a reported call: tagged JSON that everyone after us can decode."""

from __future__ import annotations

from collections.abc import Iterator

from autodev.events.binary import InvalidRecordError
from autodev.events.models.agent import SkillExecutionEvent, TaskEvent
from autodev.events.models.base import Tagged
from autodev.events.models.call import Returned
from autodev.events.place import dotted
from autodev.values import ValueCodecError, decode


def check_values(report: TaskEvent | SkillExecutionEvent) -> None:
    """Refuse a value that stands for nothing. One that its agent marked as unencodable is no error.

    Raises:
        InvalidRecordError: naming the argument, the result or the expectation.
    """
    for place, value in _values(report):
        try:
            decode(value)
        except ValueCodecError as error:
            raise InvalidRecordError(dotted(place), str(error)) from None


def _values(report: TaskEvent | SkillExecutionEvent) -> Iterator[tuple[tuple[object, ...], Tagged]]:
    if report.call is not None:
        arguments, outcome = report.call.arguments, report.call.outcome
        yield from ((("call", "arguments", "args", index), value) for index, value in enumerate(arguments.args))
        yield from ((("call", "arguments", "kwargs", name), value) for name, value in arguments.kwargs.items())
        if isinstance(outcome, Returned):
            yield ("call", "outcome", "value"), outcome.value
    if report.expected is not None:
        yield ("expected", "value"), report.expected.value
