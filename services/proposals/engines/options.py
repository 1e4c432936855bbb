"""The single edits of a version, in the order of their promise, each made once it is looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from autodev.repair import RepairError, fingerprint
from autodev.repair.search.candidate import Candidate
from autodev.repair.search.expanding import Next
from autodev.repair.source.compiling import compiles


@dataclass(frozen=True)
class Option:
    next: Next
    entrypoint: str

    @cached_property
    def candidate(self) -> Candidate:
        return self.next.make()

    @cached_property
    def mark(self) -> str | None:
        """The fingerprint of the function; None if it does not compile."""
        try:
            code = self.candidate.module.code(self.entrypoint)
            return fingerprint(code) if compiles(code) else None
        except (RepairError, KeyError):  # the edit took the function away
            return None


class Remembered:
    """The options of the versions that were asked for last.

    They are a pure function of what names them: to forget one costs the time to make it again, after a crash too.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._options: OrderedDict[str, Sequence[Option]] = OrderedDict()

    def of(self, name: str, make: Callable[[], Sequence[Option]]) -> Sequence[Option]:
        with self._lock:
            if name in self._options:
                self._options.move_to_end(name)
                return self._options[name]
        made = make()
        with self._lock:
            self._options[name] = made
            while len(self._options) > self._most:
                self._options.popitem(last=False)
        return made
