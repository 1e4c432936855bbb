"""Where the demo shows itself: a live board on a terminal, plain lines elsewhere."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from rich.console import Console
from rich.live import Live
from rich.text import Text

from examples.flights.demo.board import board, fix_news, progress_line
from examples.flights.demo.fixes import Fix
from examples.flights.demo.story import Story

_LINES = 8
_PLAIN_SECONDS = 5.0


class Screen:
    def __init__(self, console: Console) -> None:
        self.console = console
        self._began = monotonic()
        self._lines: deque[str] = deque(maxlen=_LINES)

    def heading(self, text: str) -> None:
        self.console.print()
        self.console.rule(Text(text, style="bold"), align="left")

    def tell(self, news: Fix | str | None) -> None:
        """A fix is shown with its diff; a line joins the latest lines."""
        if isinstance(news, Fix):
            self.console.print(fix_news(news))
        elif news is not None:
            line = f"{monotonic() - self._began:6.1f} s  {news}"
            self._lines.append(line)
            if not self.console.is_terminal:
                self.console.print(Text(line), soft_wrap=True)

    @asynccontextmanager
    async def live(self, story: Story) -> AsyncIterator[None]:
        """Keep `story` in sight while the block runs."""
        if self.console.is_terminal:
            with Live(
                get_renderable=lambda: board(story, self._lines),
                console=self.console,
                refresh_per_second=4,
                transient=True,
            ):
                yield
            return
        printing = asyncio.create_task(self._print_progress(story))
        try:
            yield
        finally:
            printing.cancel()

    async def _print_progress(self, story: Story) -> None:
        while True:
            await asyncio.sleep(_PLAIN_SECONDS)
            self.tell(progress_line(story))
