"""Python's garbage collector, told what a service is: much that stays for ever, and batches that come and go."""

from __future__ import annotations

import gc
from typing import Final

YOUNG: Final = 50_000
"""New containers until the young are looked through: about those of one batch. With the default of 700, each look
moves half a batch among the old ones, and the old are looked through again and again: a third of ingestion's time."""


def spare_collector() -> None:
    """Leave out what is there now, all modules and their tables, and look through the rest seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
