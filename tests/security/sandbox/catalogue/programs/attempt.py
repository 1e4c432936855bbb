"""Trying what must not work, and saying what came of it. Becomes a part of every program, see `running.source_of`."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

MARK = ""
"""What the host knows this program's processes by; set as the program is put together."""
RESULT_FD = 3


def outcome(action: Callable[[], object]) -> str:
    """`made`, or the name of its error."""
    try:
        action()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, type(error).__name__)
    except Exception as error:
        return type(error).__name__
    return "made"


def outcomes(actions: Mapping[str, Callable[[], object]]) -> dict[str, str]:
    return {name: outcome(action) for name, action in actions.items()}


def made(actions: Mapping[str, Callable[[], object]]) -> list[str]:
    """Names of those that worked."""
    return [name for name, action in actions.items() if outcome(action) == "made"]


def readable(paths: Iterable[str]) -> list[str]:
    """Those that could be read, or listed."""
    return [path for path in paths if outcome(lambda path=path: _read(path)) == "made"]  # type: ignore[misc]


def writable(paths: Iterable[str]) -> list[str]:
    return [path for path in paths if outcome(lambda path=path: os.close(os.open(path, os.O_WRONLY))) == "made"]  # type: ignore[misc]


def harness_files() -> list[str]:
    """Files that process 1 was loaded from."""
    return [os.path.join(place, name) for place, _, names in os.walk("/harness") for name in sorted(names)]


def system_call(number: int, *arguments: Any) -> int:
    """Raises OSError."""
    result = ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(number), *map(_word, arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return int(result)


def deliver(payload: bytes) -> None:
    """An answer of this call, by hand."""
    write_all(RESULT_FD, len(payload).to_bytes(4, "big") + payload)


def write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _read(path: str) -> object:
    if os.path.isdir(path):
        return os.listdir(path)
    with open(path, "rb") as file:
        return file.read(64)


def _word(argument: Any) -> Any:
    return ctypes.c_long(argument) if isinstance(argument, int) else argument
