"""Memory of every kind the kernel gives."""

from __future__ import annotations

import array
import mmap
import os
import resource
import socket
import threading
import time
from contextlib import suppress
from typing import NoReturn

from tests.security.sandbox.catalogue.programs import attempt

_MIB = 1 << 20


def memory_bomb() -> NoReturn:
    kept = []
    while True:
        kept.append(bytearray(_MIB))


def memory_at_once() -> int:
    return len(bytearray(1 << 40))


def memory_in_small_objects() -> NoReturn:
    kept: list[object] = []
    while True:
        kept.append([object() for _ in range(10_000)])


def memory_by_doubling() -> int:
    text = "x"
    while True:
        text += text


def memory_bomb_children() -> int:
    """Six processes that take 40 MiB each, and a parent that outlives them."""
    children = []
    for _ in range(6):
        child = os.fork()
        if child == 0:
            kept = bytearray(b"x" * (40 * _MIB))
            time.sleep(2)
            os._exit(len(kept) & 1)
        children.append(child)
    return sum(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0 for child in children)


def shared_anonymous() -> int:
    memory = mmap.mmap(-1, 1 << 29)
    for at in range(0, len(memory), mmap.PAGESIZE):
        memory[at] = 1
    return len(memory)


def reserved_without_end() -> int:
    """Address space that is never touched: how much of it, in GiB."""
    kept: list[mmap.mmap] = []
    with suppress(OSError):
        while len(kept) < 1_000:
            kept.append(mmap.mmap(-1, 64 * _MIB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000))
    return len(kept) * 64 // 1024


def memfd_fill() -> str:
    def fill() -> None:
        fd = os.memfd_create("mine")
        for _ in range(256):
            attempt.write_all(fd, b"x" * _MIB)

    return attempt.outcome(fill)


def pipe_buffers() -> int:
    """Bytes in pipes nobody reads, each as large as the kernel allows."""
    import fcntl

    written = 0
    try:
        while True:
            _, writer = os.pipe()
            os.set_blocking(writer, False)
            attempt.outcome(lambda writer=writer: fcntl.fcntl(writer, 1031, _MIB))  # type: ignore[misc]  # F_SETPIPE_SZ
            with suppress(BlockingIOError):
                while count := os.write(writer, b"x" * 65_536):
                    written += count
    except OSError:
        return written


def socket_buffers() -> int:
    written = 0
    kept = []
    try:
        while True:
            kept.append(socket.socketpair())
            sender = kept[-1][0]
            sender.setblocking(False)
            with suppress(BlockingIOError):
                while count := sender.send(b"x" * 65_536):
                    written += count
    except OSError:
        return written


def files_parked_in_sockets() -> int:
    """A descriptor on its way through a socket counts for nobody who has it open."""
    sender, _receiver = socket.socketpair()
    sender.setblocking(False)
    parked = 0
    with suppress(OSError):
        while parked < 10_000:
            reader, writer = os.pipe()
            ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [reader, writer]))]
            sender.sendmsg([b"x"], ancillary)
            os.close(reader)
            os.close(writer)
            parked += 2
    return parked


def stacks_of_threads() -> int:
    """Each with the largest stack that can be asked for."""
    threading.stack_size(1 << 29)
    started = 0
    with suppress(RuntimeError, ValueError):
        for _ in range(5):
            threading.Thread(target=time.sleep, args=(0.2,), daemon=True).start()
            started += 1
    return started


def system_v_and_posix_shared_memory(shmget: int, mq_open: int) -> list[str]:
    return attempt.made(
        {
            "System V": lambda: attempt.system_call(shmget, 0, 64 * _MIB, 0o1600),
            "POSIX": lambda: os.close(os.open("/dev/shm/mine", os.O_CREAT | os.O_RDWR)),
            "message queue": lambda: attempt.system_call(mq_open, b"mine", os.O_CREAT | os.O_RDWR, 0o600, 0),
        }
    )


def dev_shm_fill() -> str:
    def fill() -> None:
        with open("/dev/shm/mine", "wb", buffering=0) as file:
            while file.write(b"x" * 65_536):
                pass

    return attempt.outcome(fill)


def locked_memory() -> list[str]:
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    memory = mmap.mmap(-1, 8 * _MIB)
    address = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(memory)))
    locked = {
        "mlock": library.mlock(address, ctypes.c_size_t(8 * _MIB)) == 0,
        "mlockall": library.mlockall(3) == 0,
    }
    return [name for name, held in locked.items() if held]


def huge_pages() -> str:
    """Pages that are set aside on the host, where there are any, are counted apart from memory."""
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40000

    def touch() -> None:
        mmap.mmap(-1, 64 * _MIB, flags=flags)[0] = 1

    return attempt.outcome(touch)


def raise_the_limit_and_take_more() -> int:
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
    return memory_bomb()
