"""Tagged JSON → Python value. Input may be hostile: what `encode` would not have written is refused."""

from __future__ import annotations

from autodev.values import tags
from autodev.values.tags import Encoded, Unencodable, ValueCodecError

TYPE_CHECKING = False
if TYPE_CHECKING:  # a sandbox pays for each import at each start
    from collections.abc import Callable
    from typing import Any

_MAX_DEPTH = 200
_MAX_TOLD = 32
"""Characters of an unknown tag that an error repeats."""
_MAX_EQUAL_HASHES = 64
"""Members of one set or map that share another's hash; honest values hardly ever do, and many take quadratic time."""


def decode(encoded: Encoded) -> Any:
    """The value that `encoded` stands for.

    Raises:
        ValueCodecError: an unknown tag, a malformed payload, an unhashable key, or nesting beyond any limit.
    """
    return _decode(encoded, 0)


def _decode(encoded: Encoded, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        raise ValueCodecError(f"nested deeper than {_MAX_DEPTH}")
    if encoded is None or isinstance(encoded, (bool, int, str)):
        return encoded
    if isinstance(encoded, float):
        if not tags.is_finite(encoded):
            raise ValueCodecError(f"{encoded} must travel as {{'$float': …}}")
        return encoded
    if isinstance(encoded, list):
        return [_decode(item, depth + 1) for item in encoded]
    if isinstance(encoded, dict):
        return _decode_object(encoded, depth)
    raise ValueCodecError(f"{type(encoded).__name__} is no JSON type")


def _decode_object(encoded: dict[Any, Any], depth: int) -> Any:
    tagged = [key for key in encoded if isinstance(key, str) and key.startswith("$")]
    if not tagged:
        if not all(isinstance(key, str) for key in encoded):
            raise ValueCodecError("an object's keys must be strings")
        return {key: _decode(item, depth + 1) for key, item in encoded.items()}
    if len(encoded) != 1:
        raise ValueCodecError(f"tag {tagged[0][:_MAX_TOLD]!a} must be its object's only key")
    tag, payload = tagged[0], encoded[tagged[0]]
    try:
        if tag in _NESTED:
            return _NESTED[tag](payload, depth + 1)
        if tag in _FLAT:
            return _FLAT[tag](payload)
    except ValueCodecError:
        raise
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as error:
        # What is in it may be secret, and the error would tell.
        raise ValueCodecError(f"malformed {tag}: {type(error).__name__}") from error
    raise ValueCodecError(f"unknown tag {tag[:_MAX_TOLD]!a}")


def _items(payload: Encoded, depth: int) -> list[Any]:
    if not isinstance(payload, list):
        raise ValueCodecError(f"a list was expected, not {type(payload).__name__}")
    return [_decode(item, depth) for item in payload]


def _mapping(payload: Encoded, depth: int) -> dict[Any, Any]:
    if not isinstance(payload, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in payload):
        raise ValueCodecError("$map takes a list of pairs")
    pairs = [(_decode(key, depth), _decode(value, depth)) for key, value in payload]
    _refuse_collisions([key for key, _ in pairs])
    decoded = dict(pairs)
    if len(decoded) != len(pairs):
        raise ValueCodecError("$map has a key twice")
    return decoded


def _members(payload: Encoded, depth: int) -> list[Any]:
    members = _items(payload, depth)
    _refuse_collisions(members)
    if len(frozenset(members)) != len(members):
        raise ValueCodecError("a set has a member twice")
    return members


def _refuse_collisions(members: list[Any]) -> None:
    if len(members) - len({hash(member) for member in members}) > _MAX_EQUAL_HASHES:
        raise ValueCodecError(f"more than {_MAX_EQUAL_HASHES} members of a set or map share a hash")


def _bytes(payload: Encoded) -> bytes:
    import binascii  # as in `encode`

    return binascii.a2b_base64(payload, strict_mode=True)


def _float(payload: Encoded) -> float:
    if payload not in ("nan", "inf", "-inf"):
        raise ValueCodecError("$float is nan, inf or -inf")
    return float(payload)


def _decimal(payload: Encoded) -> Any:
    from decimal import Decimal

    if not isinstance(payload, str):
        raise ValueCodecError("$decimal takes a string")
    return Decimal(payload)


def _fraction(payload: Encoded) -> Any:
    from fractions import Fraction

    numerator, denominator = payload
    return Fraction(int(numerator, 16), int(denominator, 16))


def _iso(kind: str) -> Callable[[Encoded], Any]:
    def decode_iso(payload: Encoded) -> Any:
        import datetime as dt

        text = payload.removesuffix("!fold")
        value = getattr(dt, kind).fromisoformat(text)
        return value.replace(fold=1) if text != payload else value

    return decode_iso


def _timedelta(payload: Encoded) -> Any:
    from datetime import timedelta

    days, seconds, microseconds = payload
    return timedelta(days, seconds, microseconds)


def _uuid(payload: Encoded) -> Any:
    from uuid import UUID

    return UUID(payload)


_NESTED: dict[str, Callable[[Encoded, int], Any]] = {
    tags.TUPLE: lambda payload, depth: tuple(_items(payload, depth)),
    tags.SET: lambda payload, depth: set(_members(payload, depth)),
    tags.FROZENSET: lambda payload, depth: frozenset(_members(payload, depth)),
    tags.MAP: _mapping,
    tags.RANGE: lambda payload, depth: range(*_items(payload, depth)),
}

_FLAT: dict[str, Callable[[Encoded], Any]] = {
    tags.BYTES: _bytes,
    tags.BYTEARRAY: lambda payload: bytearray(_bytes(payload)),
    tags.TEXT: lambda payload: _bytes(payload).decode("utf-16-le", "surrogatepass"),
    tags.FLOAT: _float,
    tags.INT: lambda payload: int(payload, 16),
    tags.COMPLEX: lambda payload: complex(float(payload[0]), float(payload[1])),
    tags.DECIMAL: _decimal,
    tags.FRACTION: _fraction,
    tags.DATETIME: _iso("datetime"),
    tags.DATE: _iso("date"),
    tags.TIME: _iso("time"),
    tags.TIMEDELTA: _timedelta,
    tags.UUID: _uuid,
    tags.UNENCODABLE: lambda payload: Unencodable(str(payload["type"]), str(payload["repr"])),
}
