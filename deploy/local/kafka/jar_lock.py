"""The lock file of the jars Kafka consists of: which ones, in class path order, and what each must contain."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LOCK_FILE = Path(__file__).with_name("jars.lock")

_LINE = re.compile(r"(?P<coordinate>[\w.-]+:[\w.-]+:[\w.-]+) sha256:(?P<sha256>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class LockedJar:
    """One jar by its Maven coordinate `group:artifact:version` and the SHA-256 of its bytes (hex)."""

    coordinate: str
    sha256: str

    @property
    def file_name(self) -> str:
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"

    def matches(self, path: Path) -> bool:
        """Whether the file at `path` exists and has exactly the locked content."""
        return path.is_file() and sha256_of(path) == self.sha256


def sha256_of(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def parse(text: str) -> tuple[LockedJar, ...]:
    """Read a lock file; raises ValueError naming the first line that is not `group:artifact:version sha256:…`."""
    jars = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(
                f"{LOCK_FILE.name}, line {number}: expected 'group:artifact:version sha256:…', got {line!r}"
            )
        jars.append(LockedJar(match["coordinate"], match["sha256"]))
    return tuple(jars)


def render(jars: Iterable[LockedJar]) -> str:
    lines = [f"{jar.coordinate} sha256:{jar.sha256}" for jar in jars]
    return "\n".join(["# Written by: python -m deploy.local lock-jars", *lines, ""])
