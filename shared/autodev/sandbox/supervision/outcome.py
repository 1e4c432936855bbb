"""What a call delivered about itself → a typed outcome. All of it is the guest's word, so all of it is checked."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from autodev import values
from autodev.events.models.call import CallOutcome, Frame, Raised, Returned
from autodev.events.models.search import PropertyVerdict
from autodev.sandbox.supervision.payload import PayloadError, parse


def read_outcome(payload: bytes) -> CallOutcome:
    """What the call returned or raised.

    The result is decoded and encoded again, so that what goes on is what our own codec writes.

    Raises:
        PayloadError: the payload is none that the harness writes.
    """
    document = parse(payload)
    match document:
        case {"kind": "returned", "value": value, **rest} if not rest:
            return Returned(value=_normal(value))
        case {"kind": "raised", "type": str(kind), "message": str(message), "frames": list(frames), **rest} if not rest:
            return _raised(kind, message, frames)
    raise PayloadError(f"no outcome of a call: an object with {', '.join(sorted(document)[:5])}"[:200])


def read_property(payload: bytes) -> tuple[PropertyVerdict, str]:
    """What the property check said, and why.

    Raises:
        PayloadError: the payload is none that the harness writes.
    """
    match parse(payload):
        case {"kind": "held", **rest} if not rest:
            return PropertyVerdict.HELD, ""
        case {"kind": "absent", **rest} if not rest:
            return PropertyVerdict.ABSENT, "the skill declares no property check"
        case {"kind": "violated", "message": str(message), **rest} if not rest:
            return PropertyVerdict.VIOLATED, _printable(message)
        case {"kind": "raised", "type": str(kind), "message": str(message), **_rest}:
            return PropertyVerdict.BROKEN, _printable(f"the check raised {kind}: {message}")
    raise PayloadError("no verdict of a property check")


def _raised(kind: str, message: str, frames: list[Any]) -> Raised:
    try:
        return Raised(
            type=_printable(kind),
            message=_printable(message),
            frames=tuple(
                Frame(function=_printable(function), statement=_printable(statement)) for function, statement in frames
            ),
        )
    except (ValidationError, ValueError, TypeError, AttributeError) as error:
        raise PayloadError(f"a malformed exception: {type(error).__name__}") from None


def _normal(value: Any) -> Any:
    try:
        return values.encode(values.decode(value))
    except (values.ValueCodecError, RecursionError) as error:
        raise PayloadError(f"no tagged value: {error}"[:200]) from None


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
