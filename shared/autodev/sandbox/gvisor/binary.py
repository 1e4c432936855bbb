"""Finding gVisor's `runsc`."""

from __future__ import annotations

import os
import shutil

from autodev.sandbox.errors import IsolationUnavailable

_INSTALL = "Install gVisor's runsc (Debian: apt-get install runsc)."


def find_runsc() -> str:
    """Path of `runsc`.

    Raises:
        IsolationUnavailable: it is not there, or this process may not use it.
    """
    path = shutil.which("runsc")
    if path is None:
        raise IsolationUnavailable("runsc", "no runsc on the PATH", _INSTALL)
    if os.geteuid() != 0:
        raise IsolationUnavailable("runsc", "it makes its sandboxes as root only", "Run the sandbox as root.")
    return path
