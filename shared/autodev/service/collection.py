"""Python's garbage collector, told what a service is: much that stays for ever, and batches that come and go."""

from __future__ import annotations

import asyncio
import gc
from typing import Final

YOUNG: Final = 50_000
"""New containers until the young are looked through: about those of one batch. With the default of 700, each look
moves half a batch among the old ones, and the old are looked through again and again: a third of ingestion's time."""
COLLECT_SECONDS: Final = 60.0
"""Between two looks at everything. By `YOUNG` alone a quiet service would look at its old ones once in hours, and
would grow all the while by the cycles that its libraries make: a connection, a task with its failure, a parser."""


def spare_collector() -> None:
    """Leave out what is there now, all modules and their tables, and look through the rest seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)


async def collect_regularly(seconds: float = COLLECT_SECONDS) -> None:
    """Look through everything every so many seconds, for ever. The loop waits meanwhile: some hundredths of a second,
    as what was there at the start is left out."""
    while True:
        await asyncio.sleep(seconds)
        gc.collect()
