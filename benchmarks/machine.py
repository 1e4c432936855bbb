"""What the numbers depend on, without saying whose machine it was."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("aiokafka", "asyncpg", "faust-streaming", "pydantic", "sqlalchemy")


def facts() -> dict[str, str]:
    """Processor, memory, operating system, Python and the packages that do the work."""
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{_memory_gib()} GiB",
        "kernel": platform.release().partition("-")[0],
        "python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
    }


def _processor() -> str:
    found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def _memory_gib() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
