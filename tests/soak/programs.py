"""What is run: everything that a run can come to, most of it harmless, as in life."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from autodev.sandbox import Policy, Verdict

MODULE: Final = """
import os, time

def harmless():
    return 1

def fails():
    raise ValueError("no")

def exits():
    os._exit(0)

def hangs():
    while True:
        pass

def leaves_daemons():
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            time.sleep(60)
    return 1

def forks():
    while True:
        os.fork()

def takes_memory():
    kept = []
    while True:
        kept.append(bytearray(1 << 20))

def floods():
    while True:
        os.write(1, b"x" * 65536)

def fills_scratch():
    try:
        for number in range(100_000):
            open(f"/tmp/{number}", "w").write("x" * 1000)
    except OSError:
        return 1
"""

SMALL: Final = Policy(
    wall_seconds=10, call_seconds=5, memory_bytes=64 << 20, processes=8, file_bytes=1 << 20, output_bytes=10_000
)
HASTY: Final = SMALL.model_copy(update={"call_seconds": 0.1})


@dataclass(frozen=True, slots=True)
class Kind:
    entrypoint: str
    verdicts: frozenset[Verdict]
    weight: int = 1
    policy: Policy = SMALL


KINDS: Final = (
    Kind("harmless", frozenset({Verdict.OK}), weight=80),
    Kind("fails", frozenset({Verdict.GUEST_ERROR}), weight=5),
    Kind("exits", frozenset({Verdict.NO_RESULT}), weight=3),
    Kind("hangs", frozenset({Verdict.WALL_TIMEOUT}), weight=2, policy=HASTY),
    Kind("leaves_daemons", frozenset({Verdict.OK}), weight=3),
    Kind("forks", frozenset({Verdict.PIDS_LIMIT, Verdict.WALL_TIMEOUT}), weight=2, policy=HASTY),
    Kind("takes_memory", frozenset({Verdict.OOM}), weight=1),
    Kind("floods", frozenset({Verdict.OUTPUT_LIMIT}), weight=2),
    # gVisor takes its time for a thousand files
    Kind("fills_scratch", frozenset({Verdict.OK, Verdict.WALL_TIMEOUT}), weight=2),
)
"""A run is of a kind by its weight, of a hundred."""
