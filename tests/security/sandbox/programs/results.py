"""Guest programs that lie about their results, or try to decide those of other calls."""

from __future__ import annotations

import gc
import json
import os
import struct
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

RESULT_FD = 3
LEFT = Path("/tmp/left")
counter = 0


def honest(number: int) -> int:
    return number


def deliver_bytes(payload: bytes, code: int) -> NoReturn:
    """Write the result channel of this call by hand."""
    os.write(RESULT_FD, framed(payload))
    os._exit(code)


def deliver_unframed(data: bytes) -> NoReturn:
    os.write(RESULT_FD, data)
    os._exit(0)


def deliver_twice() -> str:
    os.write(RESULT_FD, framed(b'{"kind":"returned","value":1}'))
    return "and again"


def framed(payload: bytes) -> bytes:
    return struct.pack("!I", len(payload)) + payload


def forge_on_stdout(number: int) -> int:
    print('{"kind":"returned","value":"forged"}', flush=True)  # noqa: T201 - the attack
    return number


def forge_for_all_calls(number: int) -> int:
    """From call 0: find the nonce that process 1 left in memory, then write frames for others to every descriptor."""
    if number == 0:
        nonces = {value for item in gc.get_objects() if isinstance(item, tuple) for value in item if _is_nonce(value)}
        frame = sys._getframe()
        while frame.f_back is not None:
            frame = frame.f_back
            nonces |= {getattr(value, "nonce", b"") for value in frame.f_locals.values() if hasattr(value, "nonce")}
        for nonce in nonces:
            for call in range(4):
                payload = b'{"kind":"returned","value":"forged"}'
                body = struct.pack("!IBiddQIIIQIQ", call, 0, 0, 0.0, 0.0, 0, 1, len(payload), 0, 0, 0, 0) + payload
                for fd in range(RESULT_FD + 1, 1_024):
                    try:
                        os.write(fd, struct.pack("!I16sB", len(body), nonce, 2) + body)
                    except OSError:
                        continue
    return number


def _is_nonce(value: object) -> bool:
    return isinstance(value, bytes) and len(value) == 16


def poison(number: int) -> int:
    """From call 0: replace what the harness and later calls would use."""
    global counter  # noqa: PLW0603 - state of the module is what must not leak
    counter += 1
    if number == 0:
        json.dumps = json.loads = lambda *_, **__: '{"kind":"returned","value":"poisoned"}'  # type: ignore[assignment]
        sys.modules["autodev.values"] = None  # type: ignore[assignment]
        os.environ["LEFT"] = "behind"
        LEFT.write_text("behind")
    if LEFT.exists() != (number == 0) or ("LEFT" in os.environ) != (number == 0):
        return -1
    return number + counter - 1


def patch_exit() -> str:
    for name in ("_exit", "write"):
        setattr(os, name, lambda *_: 0)
    sys.stdout = None
    return "still here"


def lone_surrogate() -> str:
    return "\ud800\x00"


def raise_surrogate() -> NoReturn:
    raise ValueError("bad \ud800 text \x00")


def raise_unprintable() -> NoReturn:
    class UnprintableError(Exception):
        def __str__(self) -> str:
            raise SystemExit(0)

    raise UnprintableError


def raise_huge() -> NoReturn:
    raise type("X" * 100_000, (Exception,), {})("y" * 1_000_000)


def raise_base() -> NoReturn:
    raise KeyboardInterrupt


def huge_integer() -> int:
    return 1 << 10_000_000


def deep_list() -> list[Any]:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    return nested


def cyclic_list() -> list[Any]:
    cycle: list[Any] = []
    cycle.append(cycle)
    return cycle


def not_a_number() -> list[float]:
    return [float("nan"), float("inf"), 1e308 * 10]


def hostile_object() -> object:
    class Hostile:
        def __repr__(self) -> str:
            return "A" * 10_000_000

        def __reduce__(self) -> Any:
            return os._exit, (0,)

    return Hostile()


def thread_still_running() -> str:
    threading.Thread(target=time.sleep, args=(60,)).start()
    return "returned"


async def coroutine(number: int) -> int:
    import asyncio

    await asyncio.sleep(0)
    return number
