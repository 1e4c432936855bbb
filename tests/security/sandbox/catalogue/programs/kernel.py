"""System calls, most of them raw, that no skill needs."""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import signal
import time

from tests.security.sandbox.catalogue.programs import attempt

_PTRACE_TRACEME, _PTRACE_ATTACH, _PTRACE_SEIZE = 0, 16, 0x4206
_CLONE_NEWUSER, _CLONE_NEWNS = 0x1000_0000, 0x2_0000
_MS_REMOUNT, _MS_NOSUID, _MS_NODEV, _MS_BIND = 32, 2, 4, 4096
_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_KEEPCAPS, _PR_CAP_AMBIENT, _PR_SET_NO_NEW_PRIVS = 4, 22, 8, 47, 38


def call(number: int, *arguments: int) -> str:
    return attempt.outcome(lambda: attempt.system_call(number, *arguments))


def ptrace(number: int) -> list[str]:
    """Over its parent by two ways, and over a child."""
    child = os.fork()
    if child == 0:
        time.sleep(60)
    traced = attempt.made(
        {
            "parent": lambda: attempt.system_call(number, _PTRACE_ATTACH, os.getppid(), 0, 0),
            "parent without stopping it": lambda: attempt.system_call(number, _PTRACE_SEIZE, os.getppid(), 0, 0),
            "child": lambda: attempt.system_call(number, _PTRACE_ATTACH, child, 0, 0),
        }
    )
    os.kill(child, signal.SIGKILL)
    return traced


def ptrace_traceme(number: int) -> str:
    return call(number, _PTRACE_TRACEME, 0, 0, 0)


def memory_of_process_1(number: int) -> str:
    """Where every process of this Python keeps the same object."""
    room = (ctypes.c_char * 64)()
    mine = (ctypes.c_uint64 * 2)(ctypes.addressof(room), 64)
    theirs = (ctypes.c_uint64 * 2)(id(type), 64)
    arguments = (1, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0)
    return attempt.outcome(lambda: attempt.system_call(number, *arguments))


def file_of_process_1(pidfd_getfd: int) -> list[int]:
    """Descriptors of process 1 that could be taken: the result channel is one of them."""
    process = os.pidfd_open(1)
    return [fd for fd in range(32) if call(pidfd_getfd, process, fd, 0) == "made"]


def mount(number: int) -> list[str]:
    def mounted(kind: bytes, target: bytes, flags: int, options: bytes = b"") -> object:
        return attempt.system_call(number, kind, target, kind, flags, options)

    return attempt.made(
        {
            "tmpfs": lambda: mounted(b"tmpfs", b"/tmp", 0),
            "proc": lambda: mounted(b"proc", b"/tmp", 0),
            "bind": lambda: mounted(b"/usr", b"/tmp", _MS_BIND),
            "scratch with programs": lambda: mounted(b"tmpfs", b"/tmp", _MS_REMOUNT | _MS_NOSUID | _MS_NODEV),
            "scratch without bounds": lambda: mounted(b"tmpfs", b"/tmp", _MS_REMOUNT, b"size=0,nr_inodes=0"),
            "root to be written": lambda: mounted(b"", b"/", _MS_REMOUNT | _MS_BIND),
        }
    )


def unshare_user_and_mount(unshare: int, mount_number: int) -> str:
    if call(unshare, _CLONE_NEWUSER | _CLONE_NEWNS) != "made":
        return "no namespace"
    return attempt.outcome(lambda: attempt.system_call(mount_number, b"tmpfs", b"/tmp", b"tmpfs", 0, 0))


def clone3_with_a_user_namespace(number: int) -> str:
    """Its flags are behind a pointer, where no filter sees them."""
    described = (ctypes.c_uint64 * 11)(_CLONE_NEWUSER, 0, 0, 0, signal.SIGCHLD)
    try:
        child = attempt.system_call(number, ctypes.byref(described), ctypes.sizeof(described))
    except OSError as error:
        return os.strerror(error.errno or 0)
    if child == 0:
        os._exit(0)
    return "made"


def clone_with_every_namespace(number: int) -> list[str]:
    flags = [0x80, 0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000]
    made = []
    for flag in flags:
        if call(number, flag | signal.SIGCHLD, 0, 0, 0, 0) == "made":
            if os.getpid() == 1:
                os._exit(0)
            made.append(hex(flag))
    return made


def undo_the_filter(seccomp: int, personality: int) -> list[str]:
    library = ctypes.CDLL(None, use_errno=True)

    def prctl(*arguments: int) -> None:
        if library.prctl(*map(ctypes.c_ulong, arguments)) < 0:
            raise OSError(ctypes.get_errno(), "refused")

    return attempt.made(
        {
            "filter off": lambda: prctl(_PR_SET_SECCOMP, 0, 0, 0, 0),
            "filter of its own": lambda: attempt.system_call(seccomp, 1, 0, 0),
            "new rights by exec": lambda: prctl(_PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0),
            "ambient rights": lambda: prctl(_PR_CAP_AMBIENT, 2, 21, 0, 0),
            "memory that is code": lambda: attempt.system_call(personality, 0x0400000),
        }
    )


def capabilities(capget: int) -> list[int]:
    """Effective, permitted, inheritable; low and high words."""
    header = (ctypes.c_uint32 * 2)(0x2008_0522, 0)
    data = (ctypes.c_uint32 * 6)()
    attempt.system_call(capget, ctypes.byref(header), ctypes.byref(data))
    return [data[0] | data[3], data[1] | data[4]]


def filter_in_force() -> int:
    return int(ctypes.CDLL(None).prctl(21, 0, 0, 0, 0))  # PR_GET_SECCOMP


def type_into_a_terminal() -> str:
    import termios

    return attempt.outcome(lambda: fcntl.ioctl(0, termios.TIOCSTI, b"x"))


def be_told_of_changes(inotify_init1: int) -> list[str]:
    """Of files that the host and other guests use too: who opens what, and when."""
    return attempt.made(
        {
            "inotify": lambda: attempt.system_call(inotify_init1, 0),
            "dnotify": lambda: fcntl.fcntl(os.open("/usr/lib", os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_ACCESS),
            "lease": lambda: fcntl.fcntl(os.open(os.__file__, os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_RDLCK),
        }
    )


def where_mounts_come_from(listmount: int) -> str:
    """Paths on the host, that /proc/mounts would tell as well."""
    room = (ctypes.c_uint64 * 64)()
    request = (ctypes.c_uint64 * 3)(24, 0xFFFF_FFFF_FFFF_FFFF, 0)
    return attempt.outcome(lambda: attempt.system_call(listmount, ctypes.byref(request), ctypes.byref(room), 64, 0))


def lock_files_of_the_host() -> list[str]:
    """An advisory lock holds for everybody who locks the same file, in whatever isolation."""

    def lock(path: str) -> None:
        fcntl.flock(os.open(path, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)

    return attempt.made(
        {
            "null": lambda: lock("/dev/null"),
            "library": lambda: lock(os.__file__),
            "harness": lambda: lock(attempt.harness_files()[0]),
        }
    )


def code_in_memory(code: bytes) -> int:
    """Machine code of its own: anyone who can call C can."""
    memory = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(code)
    return int(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))())
