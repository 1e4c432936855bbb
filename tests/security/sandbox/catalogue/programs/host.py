"""What there is to see of the host, its other processes and its secrets."""

from __future__ import annotations

import gc
import os
import resource
import socket
import sys
import time

from tests.security.sandbox.catalogue.programs import attempt

OF_THE_HOST = (
    *(
        "/etc/shadow",
        "/etc/passwd",
        "/etc/hostname",
        "/etc/resolv.conf",
        "/etc/ssh",
        "/etc/ssl/private",
        "/app",
        "/home",
    ),
    *("/root/.ssh", "/root/.bashrc", "/var/run", "/var/lib", "/boot", "/srv", "/opt", "/mnt", "/run/secrets"),
)
OF_THE_KERNEL = (
    *("/proc/kcore", "/proc/kmsg", "/proc/kallsyms", "/proc/keys", "/sys/firmware", "/sys/kernel/debug", "/dev/mem"),
    *("/proc/sched_debug", "/proc/timer_list", "/sys/kernel/security", "/dev/kmsg", "/dev/port", "/proc/config.gz"),
)
SWITCHES = (
    *("/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/proc/sys/vm/drop_caches", "/proc/sys/kernel/hostname"),
    *("/proc/sys/kernel/modprobe", "/sys/power/state", "/proc/sys/kernel/panic", "/proc/sys/fs/file-max"),
)


def files_of_the_host(more: list[str]) -> list[str]:
    around = [f"/tmp/../..{path}" for path in (*OF_THE_HOST, *more)]
    return attempt.readable([*OF_THE_HOST, *more, *around])


def resolver() -> str:
    """What is known of the host's name servers."""
    try:
        with open("/etc/resolv.conf") as file:
            return file.read()
    except OSError:
        return ""


def files_of_the_kernel() -> list[str]:
    return attempt.readable(OF_THE_KERNEL)


def switches_of_the_kernel() -> list[str]:
    return attempt.writable(SWITCHES)


def control_groups() -> list[str]:
    places = ("/sys/fs/cgroup", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids", "/proc/self/cgroup")
    names = ("cgroup.procs", "memory.limit_in_bytes", "memory.max", "pids.max", "release_agent", "notify_on_release")
    return attempt.writable(f"{place}/{name}" for place in places for name in names)


def environment() -> list[str]:
    return sorted(os.environ)


def processes() -> list[int]:
    """Those that answer, apart from itself."""
    return [pid for pid in range(1, 5_000) if pid != os.getpid() and attempt.outcome(lambda: os.kill(pid, 0)) == "made"]


def secret_everywhere(secret: str) -> list[str]:
    """Places in which the supervisor's secret shows: its environment, and what is left of it in this memory."""
    spelt = secret[::-1]  # so that this program does not hold what it looks for
    found = [name for name, value in os.environ.items() if spelt in value]
    for pid in ("self", "1", *map(str, range(2, 64))):
        for name in ("environ", "cmdline", "maps", "cwd", "root", "fd", "mem"):
            path = f"/proc/{pid}/{name}"
            if attempt.readable([path]):
                found.append(path)
    mine = {id(spelt)}
    texts = (item for item in gc.get_objects() if isinstance(item, (dict, list, tuple)))
    for item in texts:
        values = item.values() if isinstance(item, dict) else item
        found += [
            type(item).__name__
            for value in values
            if isinstance(value, str) and spelt in value and id(value) not in mine
        ]
    return found


def parent_frames() -> list[str]:
    """Names of process 1's variables that came along in the fork, those that would be worth something."""
    wanted = {"expected", "recorded", "outcome", "key", "secret", "token", "password"}
    found = set()
    frame: object = sys._getframe()
    while frame is not None:
        found |= wanted & set(frame.f_locals)  # type: ignore[attr-defined]
        frame = frame.f_back  # type: ignore[attr-defined]
    return sorted(found)


def open_files() -> list[int]:
    return [fd for fd in range(1_024) if attempt.outcome(lambda: os.fstat(fd)) == "made"]


def files_by_number() -> list[int]:
    """Whatever it did not open itself, and can write to or read from."""
    reached = []
    for fd in range(4, 256):
        if attempt.made(
            {"read": lambda: os.read(fd, 1), "write": lambda: os.write(fd, b"x"), "copy": lambda: os.dup(fd)}
        ):
            reached.append(fd)
    return reached


def become() -> list[str]:
    uid, gid = os.getuid(), os.getgid()
    return attempt.made(
        {
            "root": lambda: os.setuid(0),
            "root again": lambda: os.setresuid(0, 0, 0),
            "root's group": lambda: os.setresgid(0, 0, 0),
            "a neighbour": lambda: os.setuid(uid + 1),
            "a neighbour's group": lambda: os.setgid(gid + 1),
            "groups": lambda: os.setgroups([0]),
            "somebody for files": lambda: os.seteuid(65_534),
        }
    )


def groups() -> list[int]:
    return [group for group in os.getgroups() if group != os.getgid()]


def better_scheduling() -> list[str]:
    return attempt.made(
        {
            "nice": lambda: os.nice(-10),
            "real time": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
            "out of memory": lambda: attempt.write_all(os.open("/proc/self/oom_score_adj", os.O_WRONLY), b"-1000"),
        }
    )


def raise_limits() -> list[str]:
    kinds = {name: value for name, value in vars(resource).items() if name.startswith("RLIMIT_")}
    return attempt.made({name: lambda kind=kind: _raise(kind) for name, kind in kinds.items()})  # type: ignore[misc]


def limits() -> dict[str, list[int]]:
    names = ("AS", "NPROC", "FSIZE", "NOFILE", "CORE", "STACK", "MEMLOCK", "MSGQUEUE", "CPU")
    return {name: list(resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))) for name in names}


def side_view() -> dict[str, object]:
    """What is the machine's and not the isolation's, by calls that every program makes."""
    return {
        "host name": socket.gethostname(),
        "kernel": os.uname().release != "",
        "processors": bool(os.cpu_count()),
        "load": sum(os.getloadavg()) >= 0,
        "since boot": time.clock_gettime(time.CLOCK_BOOTTIME) > 0,
    }


def _raise(kind: int) -> None:
    soft, hard = resource.getrlimit(kind)
    if hard == resource.RLIM_INFINITY:
        raise ValueError("is not limited at all")
    resource.setrlimit(kind, (soft, hard + 1))
