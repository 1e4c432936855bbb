"""Strict JSON for bytes that a guest wrote: one reading only, and bounded work."""

from __future__ import annotations

import json
from typing import Any

_INTEGER_DIGITS = 17
"""The value codec tags integers beyond 53 bits, so a plain one is never longer."""


class PayloadError(ValueError):
    """The payload is not what the guest's harness writes."""


def parse(payload: bytes) -> dict[str, Any]:
    """The object that `payload` holds.

    Raises:
        PayloadError: not UTF-8, not one JSON object, a duplicate key, NaN or an infinity (by name or by exponent), a
            longer integer than the codec writes, or nesting beyond what the parser takes.
    """
    try:
        document = json.loads(
            payload.decode(),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_int=_short_integer,
            parse_float=_finite,
        )
    except RecursionError:
        raise PayloadError("nested too deeply") from None
    except PayloadError:
        raise
    except ValueError as error:
        raise PayloadError(f"no JSON: {error}"[:200]) from None
    if not isinstance(document, dict):
        raise PayloadError(f"an object was expected, not {type(document).__name__}")
    return document


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise PayloadError("an object has a key twice")
    return document


def _no_constant(name: str) -> Any:
    raise PayloadError(f"{name} is no JSON")


def _short_integer(digits: str) -> int:
    if len(digits) > _INTEGER_DIGITS:
        raise PayloadError(f"an integer of {len(digits)} digits")
    return int(digits)


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise PayloadError("a number beyond all floats")
    return number
