"""The tags of the value codec, its limits and its one exception."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing and dataclasses would double the time in which a sandbox starts
    from typing import Any, Final

    Encoded = Any
else:
    Encoded = object
"""Tagged JSON: None, bool, int, float, str, list and dict with string keys, as `json.loads` returns it."""

TUPLE: Final = "$tuple"
SET: Final = "$set"
FROZENSET: Final = "$frozenset"
MAP: Final = "$map"  # pairs: keys that are no strings, or that start with the tag sign
BYTES: Final = "$bytes"  # base64
BYTEARRAY: Final = "$bytearray"  # base64
TEXT: Final = "$text"  # base64 of UTF-16-LE with surrogates passed: a string that UTF-8 can't hold
FLOAT: Final = "$float"  # nan, inf, -inf
INT: Final = "$int"  # hexadecimal, beyond 53 bits, where JSON readers start to round
COMPLEX: Final = "$complex"
DECIMAL: Final = "$decimal"
FRACTION: Final = "$fraction"
DATETIME: Final = "$datetime"
DATE: Final = "$date"
TIME: Final = "$time"
TIMEDELTA: Final = "$timedelta"  # days, seconds, microseconds
UUID: Final = "$uuid"
RANGE: Final = "$range"
UNENCODABLE: Final = "$unencodable"

MAX_JSON_INTEGER: Final = 2**53
MAX_JSON_DEPTH: Final = 192
"""Levels of tagged JSON: three for each level of a value that `encode` takes, so a little under what parsers take."""


def is_finite(value: float) -> bool:
    """As `math` has it, which would be one more import."""
    return value - value == 0


class ValueCodecError(ValueError):
    """The tagged JSON is not one that `encode` writes; the message names the place."""


class Limits:
    """What one value may cost; a part beyond a limit is marked unencodable, with the reason."""

    __slots__ = ("depth", "items", "text")

    def __init__(self, *, depth: int = 64, items: int = 50_000, text: int = 262_144) -> None:
        """`text` counts characters of a string, bytes of a byte string, hexadecimal digits of an integer."""
        self.depth = depth
        self.items = items
        self.text = text


class Unencodable:
    """Stands for a value that did not travel. Two are never equal: nothing is known about the originals."""

    __slots__ = ("repr", "type")

    def __init__(self, type: str, repr: str) -> None:  # noqa: A002 - what it says about the value
        self.type = type
        self.repr = repr

    def __repr__(self) -> str:
        return f"Unencodable(type={self.type!r}, repr={self.repr!r})"
