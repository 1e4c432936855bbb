"""The values of a reported call: tagged JSON that everyone after us can decode."""

from __future__ import annotations

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
    if report.call is not None:
        arguments, outcome = report.call.arguments, report.call.outcome
        for index, value in enumerate(arguments.args):
            _check(value, "call", "arguments", "args", index)
        for name, value in arguments.kwargs.items():
            _check(value, "call", "arguments", "kwargs", name)
        if isinstance(outcome, Returned):
            _check(outcome.value, "call", "outcome", "value")
    if report.expected is not None:
        _check(report.expected.value, "expected", "value")


def _check(value: Tagged, *place: object) -> None:
    try:
        decode(value)
    except ValueCodecError as error:
        raise InvalidRecordError(dotted(place), str(error)) from None
