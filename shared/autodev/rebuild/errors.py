"""Why a rebuild does not start, or can't go on. The tables are as they were."""

from __future__ import annotations


class RebuildRefusedError(RuntimeError):
    """The state of the service, its tables or its topics does not allow it."""


class ServiceRunningError(RebuildRefusedError):
    """The service is not stopped: it would write beside the rebuild."""
