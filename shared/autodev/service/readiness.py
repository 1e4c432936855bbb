"""Whether a service can do its work, and if not, what it waits for."""

from __future__ import annotations

from collections.abc import Callable

Check = Callable[[], str | None]
"""None when all is well, else what is wrong, in words for an operator."""


NAMES = ("database", "kafka", "consumer", "outbox")
"""What every service needs."""


class Readiness:
    """Named checks, asked at each probe. Those that every service needs fail until someone has set them."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = dict.fromkeys(NAMES, lambda: "starting")

    def require(self, name: str, check: Check) -> None:
        """Add the check, or replace the one of that name."""
        self._checks[name] = check

    def wait_for(self, name: str, trouble: str | None) -> None:
        """Set the check to a fixed answer, as one does while waiting for a dependency."""
        self.require(name, lambda: trouble)

    def troubles(self) -> dict[str, str | None]:
        """Each check's answer."""
        return {name: check() for name, check in self._checks.items()}
