"""Walking files from line to line, to the first link that does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autodev.sandbox.audit.chain import CUT, OPENED, START, Line, Link, link_of, read_line
from autodev.sandbox.audit.unlinked import Unlinked


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold."""

    file: str
    line: int
    """Counted from 1."""
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    lines: int
    """Whole ones, up to the break."""
    begins_after: Link
    """`START`, unless what went before is in a file that was not walked."""
    last: Link
    cuts: int
    """Places where a crash cut a line, which the log itself noted."""
    cut_bytes: int
    """At the end, of a line that is not finished: its writer crashed, or is at it."""
    broken: Break | None

    @property
    def holds(self) -> bool:
        return self.broken is None


def verify(files: Sequence[Path]) -> Verification:
    """Walk `files`, which follow each other in this order; for one with all before it given, from the very first line.

    Raises:
        OSError: a file can't be read.
    """
    walk = _Walk()
    for file in files:
        with file.open("rb") as lines:
            if (broken := walk.through(file.name, lines)) is not None:
                return walk.result(broken)
    return walk.result(None)


class _Walk:
    def __init__(self) -> None:
        self._begins_after: Link | None = None
        self._last = START
        self._lines = 0
        self._cuts = 0
        self._cut_bytes = 0

    def result(self, broken: Break | None) -> Verification:
        return Verification(self._lines, self._begins_after or START, self._last, self._cuts, self._cut_bytes, broken)

    def through(self, name: str, lines: Iterable[bytes]) -> Break | None:
        if self._cut_bytes:
            return Break(name, 1, "the file before ends within a line, and this one does not say so")
        opened, unlinked = False, None
        for number, text in self._whole(lines):
            line = read_line(text)
            reason = self._complaint(line, opened=opened, explains=unlinked)
            if reason is None and line is not None:
                self._take(line, text, cut=unlinked is not None)
                opened, unlinked = True, None
            elif unlinked is not None:
                unlinked.add(text)
            else:
                unlinked = Unlinked(number, reason or "", text)
        if unlinked is not None:
            return Break(name, unlinked.line, unlinked.reason)
        return None

    def _whole(self, lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
        for number, raw in enumerate(lines, 1):
            text = raw.removesuffix(b"\n")
            if text != raw or read_line(text) is not None:
                yield number, text
            else:
                self._cut_bytes = len(raw)

    def _complaint(self, line: Line | None, *, opened: bool, explains: Unlinked | None) -> str | None:
        """Why `line` does not come next; None if it does."""
        if line is None:
            return "it is no record"
        if explains is not None and not explains.explained_by(line):
            return "it says nothing of the lines before it"
        if explains is None and line.kind == CUT:
            return "it tells of a cut line, and there is none"
        if not opened and line.kind not in (OPENED, CUT):
            return "the file does not begin with its opening record: lines before it are missing"
        if not self._lines and line.seq > 1:
            return None  # it goes on from a file that is not here
        if line.seq != self._last.seq + 1:
            return f"its number is {line.seq}, and {self._last.seq + 1} comes next"
        if not line.follows(self._last):
            return "it does not follow from the line before it: one of the two was changed"
        return None

    def _take(self, line: Line, text: bytes, *, cut: bool) -> None:
        if self._begins_after is None:
            self._begins_after = Link(line.seq - 1, line.previous)
        self._lines += 1
        self._cuts += cut
        self._last = link_of(text, line.seq)
