"""Where a file ends: its last whole line, and what a crash left behind it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from autodev.sandbox.audit.chain import Link, link_of, may_be_cut, read_line
from autodev.sandbox.audit.errors import AuditError

_BLOCK: Final = 65_536


@dataclass(frozen=True, slots=True)
class Tail:
    last: Link | None
    """None if no line is whole."""
    cut: bytes = b""
    """What is behind it: empty, or what whoever wrote it could not finish."""
    unended: bool = False
    """The last line lacks its newline and nothing else: no part of a line is a line."""


def read_tail(fd: int) -> Tail:
    """The end of an open file, reading no more of it than that.

    Raises:
        AuditError: the file is no audit log.
    """
    size, block = os.fstat(fd).st_size, _BLOCK
    while True:
        start = max(0, size - block)
        tail = _tail_of(os.pread(fd, size - start, start), from_start=start == 0)
        if tail is not None:
            if not all(may_be_cut(part) for part in tail.cut.split(b"\n")):
                raise AuditError("it is not an audit log: its end is none of a log's lines, nor the beginning of one")
            return tail
        block *= 4


def _tail_of(data: bytes, *, from_start: bool) -> Tail | None:
    """None if the last whole line may begin before `data`."""
    end = data.rfind(b"\n")
    behind = data[end + 1 :]
    if (end >= 0 or from_start) and (line := read_line(behind)) is not None:
        return Tail(link_of(behind, line.seq), unended=True)
    while end >= 0:
        begin = data.rfind(b"\n", 0, end)
        if begin < 0 and not from_start:
            return None
        text = data[begin + 1 : end]
        if (line := read_line(text)) is not None:
            return Tail(link_of(text, line.seq), data[end + 1 :])
        end = begin
    return Tail(None, data) if from_start else None
