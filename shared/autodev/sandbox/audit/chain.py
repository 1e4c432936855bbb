"""Lines, and what links them. Pure.

A line is a JSON object with its number (`seq`), the hash of the line before (`previous`) and a `kind`; its hash is the
SHA-256 of its bytes without the newline.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

OPENED: Final = "opened"
"""The kind of the first record of a file; `after` names the file that it goes on from."""
CUT: Final = "cut"
"""The kind of a record that stands behind bytes which a crash left: how many (`cut_bytes`), and their hash."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_BEGINNING = b'{"seq":'


@dataclass(frozen=True, slots=True)
class Link:
    """A line, for the one that follows it."""

    seq: int
    sha256: str


START: Final = Link(0, "0" * 64)
"""Before the first line of all."""


@dataclass(frozen=True, slots=True)
class Line:
    seq: int
    previous: str
    kind: str
    fields: Mapping[str, Any]
    """All of them."""

    def follows(self, link: Link) -> bool:
        return (self.seq, self.previous) == (link.seq + 1, link.sha256)


def write_line(after: Link, kind: str, fields: Mapping[str, Any]) -> tuple[bytes, Link]:
    """The line that follows `after`, without its newline, and its link."""
    document = {"seq": after.seq + 1, "previous": after.sha256, "kind": kind, **fields}
    text = json.dumps(document, separators=(",", ":"), allow_nan=False).encode()
    return text, link_of(text, after.seq + 1)


def link_of(text: bytes, seq: int) -> Link:
    return Link(seq, sha256(text))


def read_line(text: bytes) -> Line | None:
    """None if `text` is no whole line of ours."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match document:
        case {"seq": int(seq), "previous": str(previous), "kind": str(kind)} if _SHA256.fullmatch(previous):
            return Line(seq, previous, kind, document)
    return None


def may_be_cut(text: bytes) -> bool:
    """Whether `text` is what a crash can leave of a line, rather than some other file."""
    return _BEGINNING.startswith(text[: len(_BEGINNING)])


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
