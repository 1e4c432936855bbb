"""Commands that the demo shows, and really runs."""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Mapping

from rich.console import Console
from rich.padding import Padding
from rich.text import Text


class CommandFailedError(Exception):
    """A command did not do what it should; what it said is part of the message."""


class Shell:
    def __init__(self, console: Console, environment: Mapping[str, str]) -> None:
        self._console = console
        self._environment = {**os.environ, **environment}

    def show(self, line: str) -> None:
        """Show a command for the user to repeat."""
        self._console.print(Text(f"$ {line}", style="bold cyan"), soft_wrap=True)

    async def autodev(self, *words: str) -> None:
        """Show `$ autodev …`, run it, and show what it says.

        Raises:
            CommandFailedError: its exit code is not 0.
        """
        line = shlex.join(["autodev", *words])
        self.show(line)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "autodev", *words, env=self._environment, stdout=PIPE, stderr=STDOUT
        )
        said, _ = await process.communicate()
        output = Text.from_ansi(said.decode(errors="replace").rstrip(), style="dim")
        if output:
            self._console.print(Padding(output, (0, 0, 0, 2)))
        if process.returncode:
            raise CommandFailedError(f"`{line}` ended with exit code {process.returncode}:\n{output.plain}")
