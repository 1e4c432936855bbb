"""The rule by which a released schema may change: it may gain optional properties and definitions, nothing else.

Then every reader of the old schema reads new data, and every reader of the new one old data. All other changes, even
those that only widen (one more enum value, a longer text), break one of the two and need a new major version.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_ANNOTATIONS = frozenset({"$schema", "$id", "$comment", "$defs", "title", "description", "examples", "deprecated"})
_NAMED = frozenset({"properties", "required"})
_LISTS = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
_NESTED = frozenset({"items", "additionalProperties", "propertyNames", "contains", "not"})


def incompatibilities(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What of `new` breaks readers of `old` or the other way round, each with its place; empty if nothing does."""
    return list(_Comparison(old, new).differences(old, new, "data"))


class _Comparison:
    def __init__(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._old = old
        self._new = new
        self._open: set[tuple[str | None, str | None]] = set()

    def differences(self, old: Any, new: Any, place: str) -> Iterator[str]:
        if not isinstance(old, dict) or not isinstance(new, dict):
            if old != new:
                yield f"{place}: was {old!r}, is {new!r}"
            return
        pair = (old.get("$ref"), new.get("$ref"))
        if pair in self._open:  # definitions that refer to themselves
            return
        if None not in pair:
            self._open.add(pair)
        yield from self._within(_resolved(old, self._old), _resolved(new, self._new), place)
        self._open.discard(pair)

    def _within(self, old: dict[str, Any], new: dict[str, Any], place: str) -> Iterator[str]:
        yield from self._properties(old, new, place)
        for keyword in sorted((old.keys() | new.keys()) - _ANNOTATIONS - _NAMED):
            before, after = old.get(keyword), new.get(keyword)
            if keyword in _LISTS and isinstance(before, list) and isinstance(after, list):
                yield from self._list(before, after, f"{place}.{keyword}")
            elif keyword in _NESTED:
                yield from self.differences(before, after, f"{place}.{keyword}")
            elif keyword == "discriminator" and isinstance(before, dict) and isinstance(after, dict):
                # Its mapping names definitions, and those are compared where they stand.
                yield from self.differences(before["propertyName"], after["propertyName"], f"{place}.{keyword}")
            elif before != after or (keyword in old) != (keyword in new):
                yield f"{place}: {keyword} was {_shown(old, keyword)}, is {_shown(new, keyword)}"

    def _properties(self, old: dict[str, Any], new: dict[str, Any], place: str) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        required_before, required_after = set(old.get("required", ())), set(new.get("required", ()))
        for name in sorted(required_after - required_before):
            yield f"{place}.{name}: is required and was not"
        for name in sorted(required_before - required_after):
            yield f"{place}.{name}: was required and is not"
        for name in before:
            if name in after:
                yield from self.differences(before[name], after[name], f"{place}.{name}")
            else:
                yield f"{place}.{name}: was removed"

    def _list(self, old: list[Any], new: list[Any], place: str) -> Iterator[str]:
        if len(old) != len(new):
            yield f"{place}: had {len(old)} alternatives, has {len(new)}"
            return
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from self.differences(before, after, f"{place}[{index}]")


def _resolved(part: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        name = part["$ref"].removeprefix("#/$defs/")
        part = whole["$defs"][name] | {keyword: value for keyword, value in part.items() if keyword != "$ref"}
    return part


def _shown(part: dict[str, Any], keyword: str) -> str:
    return repr(part[keyword]) if keyword in part else "absent"
