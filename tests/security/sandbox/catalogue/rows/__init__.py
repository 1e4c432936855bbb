"""The table: every hostile program, what it may come to, and why where engines differ."""

from __future__ import annotations

from typing import Final

from tests.security.sandbox.catalogue.rows import files, host, kernel, memory, network, output, processes, results
from tests.security.sandbox.catalogue.rows.host import SECRET
from tests.security.sandbox.catalogue.rows.network import SOCKET

CATALOGUE: Final = (
    *processes.ROWS,
    *memory.ROWS,
    *files.ROWS,
    *output.ROWS,
    *kernel.ROWS,
    *network.ROWS,
    *host.ROWS,
    *results.ROWS,
)

NO_PROGRAM: Final = {
    100: "the supervisor dies, not the guest: test_supervision.test_a_supervisor_that_is_killed_takes_its_guests_along",
}
"""Rows of the catalogue that no program can be, and where they are tested."""

__all__ = ["CATALOGUE", "NO_PROGRAM", "SECRET", "SOCKET"]
