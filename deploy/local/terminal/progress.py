"""What `up` is doing, part by part: a live table on a terminal, one line per finished part elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text


class Step(Enum):
    """Where a part is on its way up."""

    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


@dataclass(slots=True)
class _Row:
    step: Step = Step.WAITING
    detail: str = ""
    started: float = 0.0
    seconds: float = 0.0


class Progress:
    """A board with one row per part."""

    def __init__(self, console: Console, parts: Sequence[str]) -> None:
        """Show nothing until `live`."""
        self._console = console
        self._rows = {part: _Row() for part in parts}
        self._spinner = Spinner("dots")

    @contextmanager
    def live(self) -> Iterator[None]:
        """Keep the board on screen while the block runs."""
        if not self._console.is_terminal:
            yield
            return
        with Live(self, console=self._console, refresh_per_second=5):
            yield

    @contextmanager
    def working(self, name: str) -> Iterator[None]:
        """Time the block as some of the work on a part: failed when it raises."""
        row = self._rows[name]
        if row.step is Step.WAITING:
            row.step, row.started = Step.WORKING, time.monotonic()
        try:
            yield
        except BaseException:
            self._end(name, Step.FAILED)
            raise
        row.detail = ""

    @contextmanager
    def finishing(self, name: str) -> Iterator[None]:
        """Time the block as the rest of the work on a part: ready when it ends."""
        with self.working(name):
            yield
        self._end(name, Step.READY)

    def detail(self, name: str, text: str) -> None:
        """Say what is being done for a part just now."""
        self._rows[name].detail = text

    def _end(self, name: str, step: Step) -> None:
        row = self._rows[name]
        row.step = step
        row.seconds = time.monotonic() - row.started
        if not self._console.is_terminal:
            self._console.print(f"{name}: {step.value} after {row.seconds:.1f} s", highlight=False)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        table = Table.grid(padding=(0, 1))
        for name, row in self._rows.items():
            table.add_row(self._symbol(row.step), name, self._duration(row), Text(row.detail, style="dim"))
        yield table

    def _symbol(self, step: Step) -> Text | Spinner:
        match step:
            case Step.WAITING:
                return Text("·", style="dim")
            case Step.WORKING:
                return self._spinner
            case Step.READY:
                return Text("✓", style="green")
            case Step.FAILED:
                return Text("✗", style="bold red")

    @staticmethod
    def _duration(row: _Row) -> Text:
        if row.step is Step.WAITING:
            return Text("")
        seconds = time.monotonic() - row.started if row.step is Step.WORKING else row.seconds
        return Text(f"{seconds:5.1f} s", style="cyan")
