"""What the host asks of one isolation. JSON on standard input; the host is trusted, the sources in it are not."""

from __future__ import annotations

import json
import os
from typing import Any, Literal, NamedTuple

Mode = Literal["alone", "search", "property"]
"""What shares a process: nothing, all calls of one program, or all checks."""


class Limits(NamedTuple):
    """`Policy`, as far as the guest's process 1 enforces it."""

    wall_seconds: float
    """Of one process."""
    call_seconds: float
    cpu_seconds: int
    memory_bytes: int
    processes: int
    file_bytes: int
    open_files: int
    output_bytes: int
    tail_bytes: int
    result_bytes: int


class Task(NamedTuple):
    """One call, still encoded: each call decodes arguments of its own."""

    args: list[Any]
    kwargs: dict[str, Any]
    result: Any = None
    """What the call returned; only where its property is checked."""


class Job(NamedTuple):
    nonce: bytes
    mode: Mode
    module_source: str
    entrypoint: str
    replacements: list[str | None]
    """A program each; every task is run with every program."""
    limits: Limits
    tasks: list[Task]


def to_bytes(job: Job) -> bytes:
    document = job._asdict() | {"nonce": job.nonce.hex(), "limits": job.limits._asdict()}
    return json.dumps(document, separators=(",", ":"), allow_nan=False).encode()


def read(fd: int) -> Job:
    """The job on `fd`, which is read to its end."""
    chunks = []
    while chunk := os.read(fd, 1 << 20):
        chunks.append(chunk)
    document = json.loads(b"".join(chunks))
    return Job(
        bytes.fromhex(document["nonce"]),
        document["mode"],
        document["module_source"],
        document["entrypoint"],
        document["replacements"],
        Limits(**document["limits"]),
        [Task(*task) for task in document["tasks"]],
    )
