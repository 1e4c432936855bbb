"""A private copy of values as they were at one moment, so cheap that every call can afford one.

A call may change its own arguments, so evidence must be taken before it; but most calls are never reported, so
encoding them would be waste. What can't change is shared; the rest is pickled, the fastest copy there is that keeps
every builtin type apart. None of the agent's own code runs: an object of another class is its class's name alone.
"""

from __future__ import annotations

import datetime as dt
import pickle
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from autodev.values import Unencodable

MAX_BYTES = 524_288
"""Larger ones are not taken: that much can be copied in a millisecond, and fits into a record of 1 MiB."""

_FIXED = frozenset(
    {
        type(None), bool, int, float, complex, range, Decimal, Fraction, UUID,
        dt.datetime, dt.date, dt.time, dt.timedelta, dt.timezone,
    }
)  # fmt: skip
_TEXT = frozenset({str, bytes})
_FIXED_OR_TEXT = _FIXED | _TEXT
_ZONED = frozenset({dt.datetime, dt.time})
_REFERRED = _FIXED | {Unencodable}
"""Classes that a pickle refers to, to make their objects again."""
_METACLASSES = frozenset(map(type, _REFERRED))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A value as it was."""

    weight: int
    """Bytes that it holds, roughly."""
    _shared: Any = None
    _pickled: bytes | None = None

    def value(self) -> Any:
        """The value: builtin types, and `Unencodable` for what was not taken. Another copy each time."""
        if self._pickled is None:
            return self._shared
        return pickle.loads(self._pickled)  # noqa: S301 - it was written below, in this process


def take(value: object) -> Snapshot:
    """`value` as it is now; never raises."""
    try:
        if _is_shareable((value,)):
            return Snapshot(_SMALL, value)
        return _pickled(value)
    except Exception:  # noqa: BLE001 - too large, too deep, changed meanwhile by another thread, or hostile
        return Snapshot(_SMALL, opaque(value))


def take_arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Snapshot:
    """``(args, kwargs)`` as they are now; never raises. One that can't be taken leaves the others as they are."""
    try:
        if not kwargs and _is_shareable(args):
            return Snapshot(_SMALL, (args, {}))
        return _pickled((args, kwargs))
    except Exception:  # noqa: BLE001 - as above
        return _taken_apart(args, kwargs)


def opaque(value: object) -> Unencodable:
    """What stands for a value that is not taken."""
    kind = type(value)
    try:
        return Unencodable(f"{kind.__module__}.{kind.__qualname__}", "")
    except Exception:  # noqa: BLE001 - a hostile metaclass
        return Unencodable("?", "")


_SMALL = 4_096


def _is_shareable(values: tuple[Any, ...]) -> bool:
    kinds = set(map(type, values))
    if kinds <= _FIXED:
        return True
    return kinds <= _FIXED_OR_TEXT and sum([len(text) for text in values if type(text) in _TEXT]) < _SMALL


def _taken_apart(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Snapshot:
    taken = tuple(take(value).value() for value in args), {name: take(value).value() for name, value in kwargs.items()}
    try:
        return _pickled(taken)
    except Exception:  # noqa: BLE001 - each is small enough, all are not
        return Snapshot(_SMALL, (tuple(map(opaque, args)), {name: opaque(value) for name, value in kwargs.items()}))


def _pickled(value: object) -> Snapshot:
    sink = _Sink()
    _Pickler(sink, pickle.HIGHEST_PROTOCOL).dump(value)
    return Snapshot(sink.size, None, b"".join(sink.parts))


class _Sink:
    __slots__ = ("parts", "size")

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        if self.size > MAX_BYTES:
            raise OverflowError
        self.parts.append(bytes(data))
        return len(data)


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        """Asked about whatever is no None, bool, number, text or container of exactly the builtin type."""
        kind = type(value)
        if kind in _METACLASSES and value in _REFERRED:
            return NotImplemented
        # A zone may be an object of the agent's; the codec carries fixed offsets only, too.
        if kind in _FIXED and not (kind in _ZONED and type(value.tzinfo) not in _FIXED):
            return NotImplemented
        stand_in = value if kind is Unencodable else opaque(value)
        return Unencodable, (stand_in.type, stand_in.repr)
