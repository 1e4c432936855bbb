"""The code around the call: read it, change it, get in between."""

from __future__ import annotations

import builtins
import gc
import json
import os
import sys
import threading
import time
from typing import Any

from tests.security.sandbox.catalogue.programs import attempt


def write_the_harness() -> list[str]:
    files = [*attempt.harness_files(), "/harness/new.py", "/harness/autodev/new.py"]
    files += ["/harness/sitecustomize.py", os.__file__, f"{sys.prefix}/lib/new.py"]
    return attempt.made({path: lambda path=path: os.close(os.open(path, os.O_WRONLY | os.O_CREAT)) for path in files})  # type: ignore[misc]


def remove_the_harness() -> list[str]:
    files = (*attempt.harness_files(), os.__file__)
    actions = {}
    for path in files:
        actions[f"remove {path}"] = lambda path=path: os.unlink(path)
        actions[f"move {path}"] = lambda path=path: os.rename(path, path + "~")
        actions[f"allow {path}"] = lambda path=path: os.chmod(path, 0o777)
    return attempt.made(actions)


def poison_modules() -> int:
    """What encodes the result, and what everything stands on."""
    json.dumps = json.loads = lambda *_, **__: '{"kind":"returned","value":"poisoned"}'  # type: ignore[assignment]
    for name in ("json", "_json", "autodev.values", "autodev.values.encode", "os", "struct"):
        sys.modules[name] = None  # type: ignore[assignment]
    return 5


def replace_exit_and_write() -> str:
    for name in ("_exit", "write", "fork", "kill", "wait4", "waitid"):
        setattr(os, name, lambda *_: 0)
    return "still here"


def without_builtins() -> str:
    builtins.__dict__.clear()
    return "nothing is left"


def poison_builtins() -> str:
    for name in ("len", "isinstance", "type", "dict", "list", "str", "getattr", "memoryview"):
        setattr(builtins, name, lambda *_: 0)
    return "odd"


def rewrite_the_harness_in_memory() -> str:
    """The functions around this call, by the garbage collector: what they do then is this call's own doing."""
    gc.unfreeze()
    for item in gc.get_objects():
        if type(item).__name__ == "function" and item.__name__ in ("_flush", "_outcome", "perform", "deliver"):
            attempt.outcome(lambda item=item: setattr(item, "__code__", (lambda *_, **__: os._exit(0)).__code__))  # type: ignore[misc]
    return "unreachable"


def trace_the_harness() -> str:
    def leave(*_: Any) -> Any:
        os._exit(0)

    sys.settrace(leave)
    threading.settrace(leave)
    sys.setprofile(leave)
    return "unreachable"


def audit_the_harness() -> str:
    """Hooks that can not be removed again, and refuse everything."""

    def refuse(event: str, _: Any) -> None:
        raise RuntimeError(event)

    sys.addaudithook(refuse)
    return "returned"


def stop_collecting() -> str:
    """Callbacks at every collection, which fork and hang."""
    gc.callbacks.append(lambda *_: time.sleep(60))
    gc.set_threshold(1)
    return f"collected {len([[object()] for _ in range(100)])}"


def switch_in_the_last_moment() -> int:
    """A thread that answers first."""

    def answer() -> None:
        attempt.deliver(b'{"kind":"returned","value":1000}')

    threading.Thread(target=answer).start()
    time.sleep(0.2)
    return 5


def frames_to_every_descriptor() -> int:
    """In the form of process 1's own, with every nonce that is left in this memory."""
    gc.unfreeze()
    jobs = [item for item in gc.get_objects() if type(item).__name__ == "Job"]
    frame: Any = sys._getframe()
    while frame is not None:
        jobs += [value for value in frame.f_locals.values() if type(value).__name__ == "Job"]
        frame = frame.f_back
    nonces = {job.nonce for job in jobs}
    for nonce in nonces:
        payload = b'{"kind":"returned","value":"forged"}'
        header = len(payload).to_bytes(4, "big") + bytes(nonce) + b"\x02"
        for fd in (0, *range(4, 1_024)):
            attempt.outcome(lambda fd=fd: os.write(fd, header + payload))  # type: ignore[misc]
    return len(nonces)


def another_result_file() -> int:
    """Where other sandboxes look for a result."""
    for name in ("result.json", "output.json", "metrics.json", "correct.json", "score.txt", "result"):
        with open(f"/tmp/{name}", "w") as file:
            file.write('{"correct": true, "combined_score": 1e9, "value": "forged"}')
    return 5
