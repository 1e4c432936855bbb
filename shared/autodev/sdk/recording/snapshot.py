"""A private copy of values as they were at one moment, so cheap that every call can afford one.

A call may change its own arguments, so evidence must be taken before it; but most calls are never reported, so
encoding them would be waste. A snapshot shares what can't change, copies builtin containers, and stands in for all
else by its type's name alone: no code of the agent's own classes runs, not even `repr`.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from autodev.values import Unencodable

MAX_WEIGHT = 524_288
"""Bytes that a snapshot may take, roughly: with room to spare in a record of 1 MiB."""
_MAX_DEPTH = 64
_PART = 16

_FIXED = frozenset(
    {
        type(None), bool, int, float, complex, range, Decimal, Fraction, UUID,
        dt.datetime, dt.date, dt.time, dt.timedelta,
    }
)  # fmt: skip
_TEXT = frozenset({str, bytes})
_ATOMS = _FIXED | _TEXT


class Snapshot:
    """Copies values into itself; `weight` says how much memory the copies hold so far."""

    __slots__ = ("_open", "weight")

    def __init__(self) -> None:
        self.weight = 0
        self._open: set[int] = set()

    def arguments(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """`args`, each as `take` gives it."""
        return args if set(map(type, args)) <= _FIXED else tuple([self.take(value) for value in args])

    def keywords(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """`kwargs`, each as `take` gives it."""
        return {name: self.take(value) for name, value in kwargs.items()}

    def take(self, value: Any, depth: int = 0) -> Any:
        """`value` as it is now. Parts beyond depth 64 or beyond `MAX_WEIGHT` become `Unencodable`."""
        kind = type(value)
        if kind in _ATOMS:
            return self._weighed(value, _PART + len(value) if kind in _TEXT else _PART)
        if kind is bytearray:
            return self._weighed(bytearray(value), _PART + len(value))
        if kind not in _CONTAINERS:
            return opaque(value)
        if depth >= _MAX_DEPTH:
            return opaque(value, "nested too deep")
        if id(value) in self._open:
            return opaque(value, "refers to itself")
        self._open.add(id(value))
        try:
            return self._dict(value, depth) if kind is dict else self._sequence(value, kind, depth)
        finally:
            self._open.discard(id(value))

    def _sequence(self, value: Any, kind: type, depth: int) -> Any:
        copy = value.copy() if kind is list or kind is set else value
        if not self._room_for(len(copy)):
            return opaque(value, "too large")
        if (kinds := set(map(type, copy))) <= _ATOMS and self._fits(_weight_of(copy, kinds)):
            return copy
        return kind([self.take(item, depth + 1) for item in copy])

    def _dict(self, value: dict[Any, Any], depth: int) -> Any:
        copy = value.copy()  # at once: another thread may be changing it
        if not self._room_for(2 * len(copy)):
            return opaque(value, "too large")
        values = copy.values()
        if (
            (key_kinds := set(map(type, copy))) <= _ATOMS
            and (kinds := set(map(type, values))) <= _ATOMS
            and self._fits(_weight_of(copy, key_kinds) + _weight_of(values, kinds))
        ):
            return copy
        return {self.take(key, depth + 1): self.take(item, depth + 1) for key, item in copy.items()}

    def _room_for(self, parts: int) -> bool:
        return self.weight + parts * _PART <= MAX_WEIGHT

    def _weighed(self, value: Any, weight: int) -> Any:
        return value if self._fits(weight) else opaque(value, "too large")

    def _fits(self, weight: int) -> bool:
        if self.weight + weight > MAX_WEIGHT:
            return False
        self.weight += weight
        return True


def opaque(value: object, reason: str = "") -> Unencodable:
    """What stands for a value that is not carried."""
    kind = type(value)
    return Unencodable(f"{kind.__module__}.{kind.__qualname__}", reason)


def _weight_of(parts: Any, kinds: set[type]) -> int:
    if kinds <= _TEXT:
        return _PART * len(parts) + sum(map(len, parts))
    if kinds <= _FIXED:
        return _PART * len(parts)
    return _PART * len(parts) + sum([len(part) for part in parts if type(part) in _TEXT])


_CONTAINERS = frozenset({dict, list, tuple, set, frozenset})
