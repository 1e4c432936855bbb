"""The gate in a process of its own: text that keeps the parser busy, or takes it down, stops nobody else."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Self

from autodev.sandbox.gate.finding import Finding, Reason
from autodev.sandbox.gate.safety import Safety

_WORKER = Path(__file__).with_name("worker.py")
_READ_SIZE = 262_144

Findings = list[tuple[Finding, ...]]


class GateProcess:
    """Starts its process with the first program and again whenever one was lost. One request at a time; blocking."""

    def __init__(self, seconds: float = 10.0) -> None:
        """`seconds`: for one request, its wait for those before it not counted.

        It is long, since hostile text is ended by its CPU time: a short one would kill, on a busy machine, one process
        after the other before it has begun.
        """
        self._seconds = seconds
        self._worker: subprocess.Popen[bytes] | None = None
        self._turn = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def inspect(
        self,
        module_source: str,
        entrypoint: str,
        replacements: Sequence[str | None],
        safety: Safety = Safety.MEDIUM_RISK,
    ) -> Findings | None:
        """See `inspect`; findings for each program, in their order. None if it took too long or the process died."""
        request = {
            "module_source": module_source,
            "entrypoint": entrypoint,
            "replacements": list(replacements),
            "safety": safety,
        }
        with self._turn:
            try:
                answer = self._answer(json.dumps(request).encode() + b"\n")
                return [tuple(Finding(Reason(reason), *rest) for reason, *rest in each) for each in json.loads(answer)]
            except (OSError, ValueError):
                self._end()
                return None

    def close(self) -> None:
        """End the process. The next program starts another."""
        with self._turn:
            self._end()

    def _answer(self, request: bytes) -> bytes:
        """Raises OSError: there is none."""
        worker = self._worker or self._start()
        assert worker.stdin is not None
        assert worker.stdout is not None
        deadline = time.monotonic() + self._seconds
        poll = select.poll()
        poll.register(worker.stdin, select.POLLOUT)
        poll.register(worker.stdout, select.POLLIN)
        left, answer = memoryview(request), bytearray()
        while (seconds := deadline - time.monotonic()) > 0:
            for fd, _ in poll.poll(seconds * 1000):
                if fd == worker.stdin.fileno():
                    left = left[os.write(fd, left) :]
                    if not left:
                        poll.unregister(fd)
                elif chunk := os.read(fd, _READ_SIZE):
                    answer += chunk
                else:
                    raise BrokenPipeError("the gate's process died")
            if answer.endswith(b"\n"):
                return bytes(answer)
        raise TimeoutError(f"no answer within {self._seconds:g} s")

    def _start(self) -> subprocess.Popen[bytes]:
        self._worker = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "-I", "-S", str(_WORKER)],
            env={},
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert self._worker.stdin is not None
        os.set_blocking(self._worker.stdin.fileno(), False)
        return self._worker

    def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.kill()
        worker.wait()
        for stream in (worker.stdin, worker.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
