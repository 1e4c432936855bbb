"""Removing what supervisors left behind that could not do so themselves."""

from __future__ import annotations

from autodev.sandbox.docker.daemon import Daemon
from autodev.sandbox.docker.settings import OWNER_LABEL
from autodev.sandbox.labels import Owner


def sweep(daemon: Daemon) -> int:
    """Remove the containers of owners that live no more; returns how many there were.

    A container that ran ends with its owner by itself; one that was created and never started does not. Owners in
    another PID namespace are let be: whether they live can't be seen from here.

    Raises:
        DaemonError: the daemon did not answer.
    """
    dead = []
    for container, labels in daemon.containers(OWNER_LABEL):
        owner = Owner.parse(labels[OWNER_LABEL])
        if owner is not None and owner.is_dead:
            dead.append(container)
    for container in dead:
        daemon.remove(container)
    return len(dead)
