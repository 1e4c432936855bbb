"""Calling the C library by `_ctypes` alone: the package around it would take a third of the start."""

from __future__ import annotations

import _ctypes


def libc(function: str, *arguments: int | bytes | None) -> int:
    """What the function returns; integers are ints of C, bytes are pointers to what is only read."""
    address = _ctypes.dlsym(_ctypes.dlopen(None, 0), function)  # type: ignore[arg-type]  # None: what is loaded
    result: int = _ctypes.call_function(address, arguments)
    return result


def require(result: int, purpose: str) -> None:
    """Raises SystemExit: the call failed, so nothing runs."""
    if result != 0:
        raise SystemExit(f"the guest could not {purpose}")
