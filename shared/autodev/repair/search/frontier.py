"""Edits that wait for their turn, the most promising first, and no code twice."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from itertools import count

from autodev.repair.canonical import compiled_fingerprint
from autodev.repair.model import UnparsableSourceError
from autodev.repair.search.candidate import Candidate
from autodev.repair.search.expanding import Next


class Frontier:
    """`known`: code that was run already."""

    def __init__(self, known: Candidate) -> None:
        self._queue: list[tuple[float, int, Next]] = []
        self._order = count()
        self._seen = {compiled_fingerprint(known.module.text)}

    def add(self, edits: Iterable[Next], weight: float) -> None:
        """`weight`: how much what they build on promises, compared with 1 for the original."""
        for each in edits:
            heapq.heappush(self._queue, (-each.promise * weight, next(self._order), each))

    def take(self, most: int) -> list[Candidate]:
        """The next candidates that parse and that nobody took before; none once no edit waits."""
        taken: list[Candidate] = []
        while self._queue and len(taken) < most:
            candidate = heapq.heappop(self._queue)[2].make()
            if self._is_new(candidate):
                taken.append(candidate)
        return taken

    def _is_new(self, candidate: Candidate) -> bool:
        try:
            mark = compiled_fingerprint(candidate.module.text)
        except UnparsableSourceError:
            return False
        if mark in self._seen:
            return False
        self._seen.add(mark)
        return True

    def __bool__(self) -> bool:
        """Whether any edit waits."""
        return bool(self._queue)
