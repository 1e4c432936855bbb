"""The service's own audit log: one for each process, so that replicas do not wait for each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, Field

from autodev.sandbox import Engine
from autodev.sandbox.audit import AuditedEngine, AuditError, AuditLog
from autodev.sandbox.audit.log import FILE_BYTES
from autodev.sandbox.labels import this_process


class AuditSettings(BaseModel):
    directory: Path | None = None
    """Where the logs are; None is no log."""
    file_bytes: int = Field(FILE_BYTES, ge=65_536)
    """Beyond which a file is put aside and the next begun."""
    files: int = Field(16, ge=1)
    """How many of a process's files that were put aside are kept."""


def audited(make: Callable[[], Engine], settings: AuditSettings) -> Callable[[], Engine]:
    """Makes what `make` makes, with a record of every run in ``DIRECTORY/NAME.jsonl``.

    The name tells boot, process and its start: it is never that of another process.
    """
    directory = settings.directory
    if directory is None:
        return make

    def make_audited() -> Engine:
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise AuditError(f"{directory} can't be made: {error}") from error
        path = directory / f"{this_process().name}.jsonl"
        return AuditedEngine(make(), AuditLog(path, file_bytes=settings.file_bytes, files=settings.files))

    return make_audited
