"""A program to run: its arguments, additional environment and account, and the two ways of running it."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.processes.account import Account


class CommandFailedError(RuntimeError):
    """A program ended with another exit code than 0; the message carries what it wrote."""


@dataclass(frozen=True, slots=True)
class Command:
    """What to execute, with which additional environment, as which account (None: the caller's)."""

    argv: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM

    @property
    def _uid(self) -> int | None:
        return self.account.uid if self.account else None

    @property
    def _gid(self) -> int | None:
        return self.account.gid if self.account else None

    def run(self, stdin: str = "") -> str:
        """Run to the end and return its standard output; raises CommandFailedError."""
        result = subprocess.run(  # noqa: S603 - the arguments are this package's own
            self.argv,
            input=stdin,
            env={**os.environ, **self.environment},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            user=self._uid,
            group=self._gid,
            extra_groups=[] if self.account else None,
        )
        if result.returncode != 0:
            raise CommandFailedError(
                f"{Path(self.argv[0]).name} ended with exit code {result.returncode}:\n"
                f"{result.stderr.strip() or result.stdout.strip()}"
            )
        return result.stdout

    def spawn(self, log: Path) -> subprocess.Popen[bytes]:
        """Start it in a session of its own, its output appended to `log`."""
        with log.open("ab") as output:
            return subprocess.Popen(  # noqa: S603 - the arguments are this package's own
                self.argv,
                env={**os.environ, **self.environment},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self._uid,
                group=self._gid,
                extra_groups=[] if self.account else None,
            )
