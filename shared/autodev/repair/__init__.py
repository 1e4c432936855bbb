"""Rule-based repair: from a failing function and its recorded failures to many small, ranked edits.

Pure: nothing here runs the function, reads a file or talks to a server. The way of a failure:

    source/     the function's text as a tree with positions, and changes to it that leave all else as it was
    diagnosis/  which expression had an odd value, and the checks that would have told (one module an error)
    rules/      what to do about it (one module a family; a new one is added to rules/registry.py)
    foreseeing  what a fix would reveal: leaving odd elements out may leave none
    composing   fixes for several faults put together
    ranking     likely and small first
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
