"""Guest programs that reach for the host: its files, its network, its kernel, its supervisor."""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import socket
from pathlib import Path


def read_files(paths: list[str]) -> list[str]:
    """Those that could be read."""
    found = []
    for path in paths:
        try:
            Path(path).read_bytes()
        except OSError:
            continue
        found.append(path)
    return found


def write_files(paths: list[str]) -> dict[str, str]:
    """What became of writing each."""
    outcome = {}
    for path in paths:
        try:
            Path(path).write_text("mine")
        except OSError as error:
            outcome[path] = errno.errorcode[error.errno or 0]
        else:
            outcome[path] = "written"
    return outcome


def everything_visible() -> list[str]:
    """Names at the top of the file system, and one level below in what is not the C library's."""
    top = sorted(Path("/").iterdir())
    inner = [path for directory in top if directory.name not in ("lib", "lib64", "usr") for path in directory.iterdir()]
    return [str(path) for path in (*top, *inner)]


def own_harness() -> dict[str, str]:
    """Overwrite the code that runs the next call."""
    return write_files([f"/harness/{name}" for name in ("boot.py", "guest.marshal", "new.py", "sitecustomize.py")])


def installed_packages() -> list[str]:
    packages = Path(os.__file__).with_name("site-packages")
    return [path.name for path in packages.iterdir()] if packages.is_dir() else []


def import_an_installed_package() -> object:
    return __import__("pydantic")


def environment() -> dict[str, str]:
    return dict(os.environ)


def open_descriptors() -> list[int]:
    found = []
    for fd in range(1_024):
        try:
            os.fstat(fd)
        except OSError:
            continue
        found.append(fd)
    return found


def host_name() -> str:
    return socket.gethostname()


def identity() -> list[int]:
    return [*os.getresuid(), *os.getresgid(), *os.getgroups()]


def become(uid: int) -> str:
    for attempt in (os.setuid, os.seteuid, lambda u: os.setresuid(u, u, u)):
        try:
            attempt(uid)
        except OSError:
            continue
        return "became it"
    return "refused"


def open_socket(family: str, kind: str) -> str:
    try:
        socket.socket(getattr(socket, family), getattr(socket, kind)).close()
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "opened"


def resolve(name: str) -> str:
    try:
        return str(socket.getaddrinfo(name, 80))
    except OSError as error:
        return type(error).__name__


def connect_abstract(name: str) -> str:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect("\0" + name)
        except OSError as error:
            return errno.errorcode[error.errno or 0]
    return "connected"


def system_call(number: int, arguments: list[int]) -> str:
    """Its error's name, or "made" if there was none."""
    library = ctypes.CDLL(None, use_errno=True)
    result = library.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments))
    return "made" if result >= 0 else errno.errorcode[ctypes.get_errno()]


def system_calls(numbers: dict[str, int]) -> dict[str, str]:
    return {name: system_call(number, [0, 0, 0, 0, 0, 0]) for name, number in numbers.items()}


def call_kernel_as_32_bit() -> int:
    """The old gate into the kernel, with numbers that mean something else there."""
    # mov eax, 20 (getpid); int 0x80; ret
    code = bytes.fromhex("b814000000cd80c3")
    memory = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    return int(ctypes.CFUNCTYPE(ctypes.c_int)(address)())


def load_average_of_host() -> str:
    try:
        return str(os.getloadavg())
    except OSError:
        return "unknown"


def type_into_terminal() -> str:
    import fcntl
    import termios

    try:
        fcntl.ioctl(0, termios.TIOCSTI, b"x")
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "typed"
