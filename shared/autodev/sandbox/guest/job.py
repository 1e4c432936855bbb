"""What the host asks of one isolation, on standard input: how process 1 has to confine itself, then the job.

Both are marshalled, each after its length: by the host, which is trusted, for the same Python. The sources in a job are
not trusted, and are mere text here. Standard input stays open behind them: its end is the end of the supervisor.
"""

from __future__ import annotations

import marshal
import os

TYPE_CHECKING = False
if TYPE_CHECKING:  # every import is paid at each start
    from typing import Any, Literal

    Mode = Literal["alone", "search", "property"]
    """What shares a process: nothing, all calls of one program, or all checks."""

_LENGTH_BYTES = 8


class Confinement:
    """What process 1 does to itself before it reads a job, where the launcher has not done it."""

    __slots__ = (
        "bounded",
        "cpu",
        "cpus",
        "group_fd",
        "oom_fd",
        "own_counts",
        "refused_fd",
        "scratch",
        "seccomp",
        "uid",
        "visible",
    )

    def __init__(
        self,
        *,
        uid: int | None = None,
        scratch: tuple[int, int] | None = None,
        visible: tuple[str, ...] = (),
        seccomp: bytes = b"",
        bounded: bool = False,
        group_fd: int | None = None,
        oom_fd: int | None = None,
        refused_fd: int | None = None,
        own_counts: tuple[tuple[str, str], ...] = (),
        cpu: int | None = None,
        cpus: tuple[int, ...] = (),
    ) -> None:
        """`uid`: also the gid, to become for good. `scratch`: bytes and inodes of the scratch directory.

        `visible`: paths that stay so, beside scratch, and all below them; where it is empty, nothing had to be hidden.
        `bounded`: the kernel bounds memory and processes of the whole isolation, and counts for the host.
        `group_fd`: `cgroup.procs` of the control group that each call joins; `oom_fd` and `refused_fd`: the files in
        which the kernel counts who was killed for memory, and which forks were refused. `own_counts`: where such files
        may be found inside; of these pairs, the first that is there. `cpu`, of `cpus`: where to stay until it forks.
        """
        self.uid = uid
        self.scratch = scratch
        self.visible = visible
        self.seccomp = seccomp
        self.bounded = bounded
        self.group_fd = group_fd
        self.oom_fd = oom_fd
        self.refused_fd = refused_fd
        self.own_counts = own_counts
        self.cpu = cpu
        self.cpus = cpus


class Limits:
    """`Policy`, as far as the guest's process 1 enforces it, for one job."""

    __slots__ = (
        "call_seconds",
        "cpu_seconds",
        "file_bytes",
        "head_bytes",
        "memory_bytes",
        "open_files",
        "output_bytes",
        "processes",
        "result_bytes",
        "share_bytes",
        "tail_bytes",
        "wall_seconds",
    )
    wall_seconds: float
    """Of one process."""
    call_seconds: float
    cpu_seconds: int
    memory_bytes: int
    processes: int
    file_bytes: int
    open_files: int
    output_bytes: int
    head_bytes: int
    tail_bytes: int
    result_bytes: int
    share_bytes: int
    """Of all answers of a process."""

    def __init__(self, **limits: Any) -> None:
        for name in self.__slots__:
            setattr(self, name, limits.pop(name))
        if limits:
            raise TypeError(f"unknown limits: {', '.join(limits)}")


class Task:
    """One call, still encoded: each call decodes arguments of its own."""

    __slots__ = ("args", "kwargs", "result")

    def __init__(self, args: list[Any], kwargs: dict[str, Any], result: Any = None) -> None:
        """`result`: what the call returned; only where its property is checked."""
        self.args = args
        self.kwargs = kwargs
        self.result = result


class Job:
    """Every task is run with every program: the module with one of the replacements."""

    __slots__ = ("entrypoint", "limits", "mode", "module_source", "nonce", "replacements", "tasks")

    def __init__(
        self,
        nonce: bytes,
        mode: Mode,
        module_source: str,
        entrypoint: str,
        replacements: list[str | None],
        limits: Limits,
        tasks: list[Task],
    ) -> None:
        self.nonce = nonce
        self.mode = mode
        self.module_source = module_source
        self.entrypoint = entrypoint
        self.replacements = replacements
        self.limits = limits
        self.tasks = tasks


def confinement_bytes(confinement: Confinement) -> bytes:
    return _with_length({name: getattr(confinement, name) for name in Confinement.__slots__})


def job_bytes(job: Job) -> bytes:
    limits = {name: getattr(job.limits, name) for name in Limits.__slots__}
    tasks = [(task.args, task.kwargs, task.result) for task in job.tasks]
    return _with_length((job.nonce, job.mode, job.module_source, job.entrypoint, list(job.replacements), limits, tasks))


def read_confinement(fd: int) -> Confinement:
    return Confinement(**_read(fd))


def read_job(fd: int) -> Job:
    nonce, mode, module_source, entrypoint, replacements, limits, tasks = _read(fd)
    tasks = [Task(*task) for task in tasks]
    return Job(nonce, mode, module_source, entrypoint, replacements, Limits(**limits), tasks)


def _with_length(document: Any) -> bytes:
    data = marshal.dumps(document)
    return len(data).to_bytes(_LENGTH_BYTES, "big") + data


def _read(fd: int) -> Any:
    return marshal.loads(_exactly(fd, int.from_bytes(_exactly(fd, _LENGTH_BYTES), "big")))  # noqa: S302 - the host's


def _exactly(fd: int, size: int) -> bytes:
    """Raises SystemExit: the supervisor is gone, and this with it."""
    chunks = []
    while size:
        chunk = os.read(fd, min(size, 1 << 20))
        if not chunk:
            raise SystemExit(0)
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)
