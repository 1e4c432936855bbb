"""Python value → tagged JSON."""

from __future__ import annotations

import sys

from autodev.values import tags
from autodev.values.tags import Encoded, Limits, Unencodable

TYPE_CHECKING = False
if TYPE_CHECKING:  # a sandbox pays for each import at each start
    from collections.abc import Callable
    from typing import Any

_REPR_LIMIT = 200


def encode(value: object, limits: Limits | None = None) -> Encoded:
    """Tagged JSON of `value`. Never raises and never calls the value's own code but `repr`.

    Only exact types are carried (an `OrderedDict` or an `IntEnum` is not a dict or an int: decoding it as one
    would change it silently); the rest, cycles and whatever exceeds `limits` become ``$unencodable``.
    """
    return _Encoder(limits or Limits()).encode(value, depth=0)


def is_complete(encoded: Encoded, depth: int = 0) -> bool:
    """Whether nothing within `encoded` was left behind as unencodable, and it may travel on within other JSON."""
    if depth > tags.MAX_JSON_DEPTH:
        return False
    if isinstance(encoded, dict):
        return tags.UNENCODABLE not in encoded and all(is_complete(item, depth + 1) for item in encoded.values())
    if isinstance(encoded, list):
        return all(is_complete(item, depth + 1) for item in encoded)
    return True


class _Encoder:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._items = 0
        self._open: set[int] = set()

    def encode(self, value: Any, depth: int) -> Encoded:
        self._items += 1
        if depth > self._limits.depth:
            return _unencodable(value, f"nested deeper than {self._limits.depth}")
        if self._items > self._limits.items:
            return _unencodable(value, f"more than {self._limits.items} parts")
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            return self._integer(value)
        if kind is float:
            return value if tags.is_finite(value) else {tags.FLOAT: str(value)}
        if kind is str:
            return self._text(value)
        if kind in _CONTAINERS:
            return self._container(value, depth)
        return self._scalar(value)

    def _integer(self, value: int) -> Encoded:
        if abs(value) <= tags.MAX_JSON_INTEGER:
            return value
        if value.bit_length() > self._limits.text * 4:
            return _unencodable(value, "an integer over the size limit", described=False)
        return {tags.INT: hex(value)}

    def _text(self, value: str) -> Encoded:
        if len(value) > self._limits.text:
            return _unencodable(value, f"longer than {self._limits.text} characters")
        try:
            value.encode()
        except UnicodeEncodeError:
            return {tags.TEXT: _base64(value.encode("utf-16-le", "surrogatepass"))}
        return value

    def _container(self, value: Any, depth: int) -> Encoded:
        if id(value) in self._open:
            return _unencodable(value, "refers to itself", described=False)
        self._open.add(id(value))
        try:
            if type(value) is dict:
                return self._mapping(value, depth)
            items = [self.encode(item, depth + 1) for item in value]
        except RuntimeError as changed:  # another thread resized it meanwhile
            return _unencodable(value, str(changed), described=False)
        finally:
            self._open.discard(id(value))
        tag = _CONTAINERS[type(value)]
        return {tag: items} if tag else items

    def _mapping(self, value: dict[Any, Any], depth: int) -> Encoded:
        if all(type(key) is str and not key.startswith("$") and key.isascii() for key in value):
            return {key: self.encode(item, depth + 1) for key, item in value.items()}
        return {tags.MAP: [[self.encode(key, depth + 1), self.encode(item, depth + 1)] for key, item in value.items()]}

    def _scalar(self, value: Any) -> Encoded:
        kind = type(value)
        if kind in (bytes, bytearray):
            if len(value) > self._limits.text:
                return _unencodable(value, f"longer than {self._limits.text} bytes")
            return {tags.BYTES if kind is bytes else tags.BYTEARRAY: _base64(value)}
        if kind is complex:
            return {tags.COMPLEX: [str(value.real), str(value.imag)]}
        if kind is range:
            return {tags.RANGE: [self._integer(part) for part in (value.start, value.stop, value.step)]}
        if kind is Unencodable:
            return {tags.UNENCODABLE: {"type": value.type, "repr": value.repr}}
        encoder = _IMPORTED.get((kind.__module__, kind.__qualname__))
        # The name could be forged: only the class that its module really holds counts.
        if encoder and getattr(sys.modules.get(kind.__module__), kind.__qualname__, None) is kind:
            encoded = encoder(value)
            if encoded is not None:
                return encoded
        return _unencodable(value)


def _base64(value: bytes | bytearray) -> str:
    import binascii  # a sandbox pays for each import at each start, and hardly any value has bytes

    return binascii.b2a_base64(value, newline=False).decode("ascii")


def _iso(tag: str) -> Callable[[Any], Encoded]:
    def encode_iso(value: Any) -> Encoded:
        zone = getattr(value, "tzinfo", None)
        # A named zone has rules that an offset has not; only fixed offsets survive the journey unchanged.
        if zone is not None and type(zone).__qualname__ != "timezone":
            return None
        text = value.isoformat()
        return {tag: text if not getattr(value, "fold", 0) else text + "!fold"}

    return encode_iso


_CONTAINERS: dict[Any, str | None] = {
    dict: None,
    list: None,
    tuple: tags.TUPLE,
    set: tags.SET,
    frozenset: tags.FROZENSET,
}

_IMPORTED: dict[tuple[str, str], Callable[[Any], Encoded]] = {
    ("decimal", "Decimal"): lambda value: {tags.DECIMAL: str(value)},
    ("fractions", "Fraction"): lambda value: {tags.FRACTION: [hex(value.numerator), hex(value.denominator)]},
    ("datetime", "datetime"): _iso(tags.DATETIME),
    ("datetime", "date"): _iso(tags.DATE),
    ("datetime", "time"): _iso(tags.TIME),
    ("datetime", "timedelta"): lambda value: {tags.TIMEDELTA: [value.days, value.seconds, value.microseconds]},
    ("uuid", "UUID"): lambda value: {tags.UUID: str(value)},
}
"""By name, so that encoding imports none of these modules: the guest starts in milliseconds."""


def _unencodable(value: object, reason: str = "", *, described: bool = True) -> Encoded:
    kind = type(value)
    text = _safe_repr(value) if described else ""
    return {
        tags.UNENCODABLE: {
            "type": f"{kind.__module__}.{kind.__qualname__}".encode("ascii", "backslashreplace").decode(),
            "repr": f"{text} ({reason})" if text and reason else text or reason,
        }
    }


def _safe_repr(value: Any) -> str:
    kind = type(value)  # isinstance would ask a hostile value for its `__class__`
    for container in _CONTAINERS:
        if issubclass(kind, container):
            return f"{kind.__qualname__} of {container.__len__(value)}"
    if kind in (str, bytes, bytearray):
        value = value[:_REPR_LIMIT]
    try:
        text = repr(value)
    except Exception as error:  # noqa: BLE001 - the value's own code, which may raise anything
        text = f"<repr raised {type(error).__name__}>"
    return text[:_REPR_LIMIT].encode("utf-8", "backslashreplace").decode()
