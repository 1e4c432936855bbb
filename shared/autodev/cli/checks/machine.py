"""This machine: the Python that runs, and whether guest code can be isolated here."""

from __future__ import annotations

import platform
import sys
from typing import Final

from autodev.cli.checks.finding import Finding, Health

OLDEST_PYTHON: Final = (3, 11)


def check_python() -> Finding:
    version = platform.python_version()
    if sys.version_info >= OLDEST_PYTHON:
        return Finding("python", Health.OK, version)
    return Finding("python", Health.BROKEN, version, "use Python 3.11 or newer")


async def check_isolation() -> Finding:
    """Run the sandbox's canary, which tries to break every promised control; takes about two seconds."""
    try:
        from autodev.sandbox import IsolationUnavailable, namespace_engine, prove
    except ModuleNotFoundError as error:
        detail = f"{error.name} is not installed"
        return Finding("isolation", Health.UNKNOWN, detail, "needed where the sandbox service runs")
    try:
        report = await prove(namespace_engine())
    except IsolationUnavailable as error:
        return Finding("isolation", Health.BROKEN, str(error), "until it holds, no candidate runs on this machine")
    return Finding("isolation", Health.OK, f"{report.engine}: {len(report.controls)} controls held")
