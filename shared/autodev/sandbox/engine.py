"""The port that every kind of isolation implements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from autodev.sandbox.policy import Policy
from autodev.sandbox.program import CallInput, Program, PropertyInput
from autodev.sandbox.report import PropertyReport, RunReport


class Engine(Protocol):
    """Runs untrusted programs, each run in a new isolation of which nothing is left when the call returns.

    All methods raise `IsolationUnavailable` when the isolation could not be made; whatever the guest does is in the
    report. Cancelling the awaiting task kills the guest first.
    """

    @property
    def name(self) -> str:
        """Names the kind of isolation in every report."""
        ...

    @property
    def image(self) -> str | None:
        """Which image isolations are made of; None where there is none."""
        ...

    def close(self) -> None:
        """End what it keeps started ahead; it takes no further job."""
        ...

    async def run(self, program: Program, calls: Sequence[CallInput], policy: Policy) -> RunReport:
        """Call the entrypoint with each input, each in a fork of its own that no other call can reach."""
        ...

    async def search(
        self,
        module_source: str,
        entrypoint: str,
        replacements: Sequence[str | None],
        calls: Sequence[CallInput],
        policy: Policy,
    ) -> Sequence[RunReport]:
        """Call many programs of one module, cheaply: one isolation for all, and a fork each, for all its calls.

        Calls of one program share its module's state, so one can spoil the next; programs can't reach each other.
        What a program did here is a reason to `run` it, never a proof. `Policy.wall_seconds` holds for each program;
        one that is stopped or dies leaves its other calls without result. A report for each replacement, in order.
        """
        ...

    async def check_properties(
        self, program: Program, checks: Sequence[PropertyInput], policy: Policy
    ) -> PropertyReport:
        """Judge results by the `ensures=` check that the module declares, without any replacement.

        Checks share a process, since none of them is a candidate's; one that dies does so again in its own before it
        counts as broken, and the others go on.
        """
        ...
