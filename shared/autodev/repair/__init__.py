"""Rule-based repair: from a failing function and its recorded failures to many small, ranked edits.

Pure: nothing here runs the function, reads a file or talks to a server.
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
