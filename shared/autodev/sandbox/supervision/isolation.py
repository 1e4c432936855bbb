"""The port that every kind of isolation implements: something that makes them, and one that was made."""

from __future__ import annotations

from collections.abc import Hashable
from typing import IO, Protocol

from autodev.sandbox.errors import IsolationUnavailable
from autodev.sandbox.guest.job import Confinement
from autodev.sandbox.policy import Policy
from autodev.sandbox.supervision.transcript import Counts, Transcript


class Isolation(Protocol):
    """A started process 1 of ours (`autodev.sandbox.guest`) that waits for its confinement and its job.

    For one job: whoever took it has to `end` it.
    """

    @property
    def stdin(self) -> IO[bytes]:
        """All three are non-blocking. The end of this one ends the isolation."""
        ...

    @property
    def stdout(self) -> IO[bytes]: ...

    @property
    def stderr(self) -> IO[bytes]: ...

    @property
    def alive(self) -> bool:
        """Whether process 1 has started, and not ended since."""
        ...

    def confine(self, policy: Policy) -> Confinement:
        """Put the limits of `policy` in force from outside; what is left for process 1 to do itself is returned."""
        ...

    def counts(self) -> Counts:
        """So far, for calls that process 1 can't count by itself; zeros where it can. Asked before `end`."""
        ...

    def exit_status(self, seconds: float) -> int | None:
        """Status of an isolation that ends by itself within `seconds`, 128 + n for signal n; None if it does not."""
        ...

    def end(self) -> None:
        """Kill, and wait until every process of the isolation is gone, and all that was made for it.

        Raises:
            SandboxError: something survived, which only a process stuck in the kernel does.
        """
        ...


class Launcher(Protocol):
    """Makes isolations of one kind. Its methods block, and may be called from several threads."""

    @property
    def name(self) -> str: ...

    @property
    def image(self) -> str | None:
        """Names the image that isolations are made of; None where there is none."""
        ...

    def shape(self, policy: Policy) -> Hashable:
        """Of `policy`, what has to be known before an isolation is made; those with equal shapes suit each other."""
        ...

    def launch(self, policy: Policy) -> Isolation:
        """A new isolation, fit for every policy of the same shape.

        Raises:
            IsolationUnavailable: none could be made.
        """
        ...

    def close(self) -> None:
        """Give back what it holds itself; it launches no more."""
        ...

    def did_not_start(self, transcript: Transcript) -> IsolationUnavailable:
        """What it means, and what to do, when process 1 never said that it was ready."""
        ...
