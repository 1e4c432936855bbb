"""Repair: from a failing function and its recorded failures to many small, ranked edits.

By rule, what this package exports; pure: nothing of it runs the function, reads a file or talks to a server.

    source/     the function's text as a tree with positions, and changes to it that leave all else as it was
    diagnosis/  which expression had an odd value, and the checks that would have told (one module an error)
    rules/      what to do about it (one module a family; a new one is added to rules/registry.py)
    foreseeing  what a fix would reveal: leaving odd elements out may leave none
    composing   fixes for several faults put together
    ranking     likely and small first

By search, for `autodev repair` so far: what is right is found by running it.

    operators/  small changes to a function, whatever raised: one module a family
    search/     cases, suspicion, best first through versions, and which of those that are right is right; pure
    running/    its programs in the sandbox
    repairing   one program; batch: many
"""

from autodev.repair.canonical import fingerprint
from autodev.repair.differences import diff
from autodev.repair.model import (
    Edit,
    Failure,
    Frame,
    RepairError,
    Target,
    UnparsableSourceError,
    UnsupportedTargetError,
)
from autodev.repair.proposing import propose
from autodev.repair.source.extraction import extract

__all__ = [
    "Edit",
    "Failure",
    "Frame",
    "RepairError",
    "Target",
    "UnparsableSourceError",
    "UnsupportedTargetError",
    "diff",
    "extract",
    "fingerprint",
    "propose",
]
