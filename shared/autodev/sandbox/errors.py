"""Why a run could not happen at all. What happens in a run is a verdict, never an exception."""

from __future__ import annotations

from collections.abc import Sequence


class SandboxError(Exception):
    """Base of what this package raises."""


class IsolationUnavailable(SandboxError):  # noqa: N818 - reads as the state it reports
    """A promised control is missing here, so nothing was run; there is no fallback to the bare host."""

    def __init__(self, control: str, reason: str, remedy: str) -> None:
        super().__init__(f"no isolation, nothing was run: {control} failed: {reason}. {remedy}")
        self.control = control
        self.reason = reason
        self.remedy = remedy

    @classmethod
    def of_all(cls, failures: Sequence[IsolationUnavailable]) -> IsolationUnavailable:
        """None of several kinds is there: all are told, for which one is mended is the operator's choice."""
        if len(failures) == 1:
            return failures[0]
        return cls(
            ", ".join(failure.control for failure in failures),
            "; ".join(failure.reason for failure in failures),
            " Or: ".join(failure.remedy for failure in failures),
        )
