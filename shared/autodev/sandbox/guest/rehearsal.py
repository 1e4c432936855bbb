"""Doing once for nothing what the first job will wait for, while an isolation waits for its job.

Pages are mapped at their first use and functions of the C library are bound at their first call: of compiling, forking,
calling and encoding, that takes most of a millisecond.
"""

from __future__ import annotations

import os

from autodev.sandbox.guest import wire
from autodev.sandbox.guest.fork import Supervision, run_forked
from autodev.sandbox.guest.group import Group
from autodev.sandbox.guest.job import Confinement, Limits, Task
from autodev.sandbox.guest.module import CompiledModule, CompiledProgram
from autodev.sandbox.guest.placement import Placement
from autodev.sandbox.guest.work import perform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autodev.sandbox.guest.fork import Deliver

_SOURCE = """
import math

def rehearsed(items, *, factor=1):
    kept = [item * factor for item in items if item > 0]
    return {"kept": kept, "mean": sum(kept) / max(1, len(kept)), "text": f"{factor:.2f}"}
"""
_BYTES = 4_096
_SECONDS = 1


def rehearse() -> None:
    """Run a program of our own as a job would, and let its answer go nowhere.

    Nothing is confined yet, and no limit is in force but the time it may take.
    """
    program = CompiledProgram(CompiledModule(_SOURCE), "rehearsed", None)
    task = Task([[1, 2.5, -3]], {"factor": 2})

    def work(deliver: Deliver) -> None:
        perform(program, "alone", [task], deliver, _BYTES)

    lifeline, writer = os.pipe()  # a job may come meanwhile, and is not this one's
    forked = run_forked(0, 1, work, _limits(), Supervision(lifeline, Group(Confinement()), Placement(None, ())))
    os.close(lifeline)
    os.close(writer)
    for frame in forked.frames:
        wire.pack(bytes(wire.NONCE_BYTES), wire.CALL, wire.call_body(frame))


def _limits() -> Limits:
    limits = dict.fromkeys(Limits.__slots__, _BYTES)
    return Limits(**limits | dict.fromkeys(("wall_seconds", "call_seconds", "cpu_seconds"), _SECONDS))
