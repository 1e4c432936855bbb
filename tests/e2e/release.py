"""A later release: today's source tree with some edits, run by the same interpreter."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-P", "-m", "autodev", "run")
"""Without the working directory on the path, so that `environment` decides which tree runs."""


class Release:
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        for source in ("shared/autodev", "services"):
            target = directory / Path(source).name
            shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns("__pycache__"))

    @property
    def environment(self) -> dict[str, str]:
        """For a process that is to run this release."""
        return {"PYTHONPATH": str(self._directory)}

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace the one place of `old` in `file`, a path below the packages' parent."""
        path = self._directory / file
        before = path.read_text()
        assert before.count(old) == 1, f"{file} holds {old!r} {before.count(old)} times"
        path.write_text(before.replace(old, new))

    def add(self, file: str, content: str) -> None:
        (self._directory / file).write_text(content)
