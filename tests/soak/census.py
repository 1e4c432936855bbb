"""Everything on this machine that a sandbox could have left."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from autodev.sandbox import IsolationUnavailable
from autodev.sandbox.cgroups.available import hierarchies
from autodev.sandbox.docker.daemon import Daemon
from autodev.sandbox.docker.settings import OWNER_LABEL
from autodev.sandbox.labels import Owner, this_process

_GUEST = b"/harness/boot.py"


@dataclass(frozen=True, slots=True)
class Census:
    """Names of what is there. Nothing in it belongs to sandboxes but by its label, its program or its place."""

    processes: frozenset[str]
    groups: frozenset[str]
    mounts: frozenset[str]
    files: frozenset[str]
    containers: frozenset[str]
    descriptors: int
    """Of this process."""

    def left_since(self, before: Census) -> dict[str, list[str]]:
        """By kind, what was not there before; kinds of which nothing is left are not in it."""
        left = {}
        for kind in ("processes", "groups", "mounts", "files", "containers"):
            if new := getattr(self, kind) - getattr(before, kind):
                left[kind] = sorted(new)
        if self.descriptors > before.descriptors:
            left["descriptors"] = [f"{before.descriptors} before, {self.descriptors} now"]
        return left

    def counts(self) -> dict[str, int]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value if isinstance(value, int) else len(value) for name, value in values.items()}


def census() -> Census:
    return Census(
        processes=frozenset(_processes()),
        groups=frozenset(_groups()),
        mounts=frozenset(filter(_is_labelled, Path("/proc/self/mountinfo").read_text().splitlines())),
        files=frozenset(
            str(path) for path in Path(tempfile.gettempdir()).glob("autodev-*") if _is_ours(Owner.parse(path.name))
        ),
        containers=frozenset(_containers()),
        descriptors=sum(1 for _ in Path("/proc/self/fd").iterdir()),
    )


def _processes() -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        name = command.partition(b"\0")[0].decode(errors="replace")
        owner = Owner.parse(name)
        if _is_ours(owner) if owner else _GUEST in command and not _has_a_living_launcher(process):
            yield f"{process.name}: {command[:200]!r}"


def _groups() -> Iterator[str]:
    for hierarchy in hierarchies():
        for place, _, _ in os.walk(hierarchy):
            if _is_labelled(place):
                yield place


def _containers() -> Iterator[str]:
    try:
        daemon = Daemon.connect()
    except IsolationUnavailable:  # then nobody made any
        return
    for container, labels in daemon.containers(OWNER_LABEL):
        if _is_ours(Owner.parse(labels[OWNER_LABEL])):
            yield container
    daemon.close()


def _is_labelled(text: str) -> bool:
    return any(_is_ours(Owner.parse(part)) for part in text.replace(" ", "/").split("/"))


def _is_ours(owner: Owner | None) -> bool:
    """This process's, or a dead one's: what living others have is theirs."""
    return owner is not None and (owner == this_process() or owner.is_dead)


def _has_a_living_launcher(process: Path) -> bool:
    """Whether somebody above it is labelled, and not ours."""
    pid = process.name
    while pid not in ("0", "1"):
        try:
            name = Path(f"/proc/{pid}/cmdline").read_bytes().partition(b"\0")[0].decode(errors="replace")
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return False
        if owner := Owner.parse(name):
            return not _is_ours(owner)
        pid = status.partition("\nPPid:")[2].partition("\n")[0].strip()
    return False
