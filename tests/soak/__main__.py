"""Ten thousand isolations and some killed supervisors, then a count of what is left: python -m tests.soak."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from autodev.sandbox.engines import ENGINES
from deploy.sandbox.dockerd import some_daemon
from tests.soak.census import census
from tests.soak.killed import kill_supervisors
from tests.soak.run import soak

REPORT_EACH = 500


def main() -> int:
    """Exit code 1 if anything is left."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20, help="of supervisors in mid-run")
    parser.add_argument("--engine", choices=list(ENGINES), default="namespaces")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    _say(f"soak: {options.runs} runs and {options.kills} kills on {options.engine}, seed {options.seed}")
    with ExitStack() as stack:
        if options.engine.startswith("docker"):
            stack.enter_context(some_daemon(Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        return asyncio.run(_soaked(options.engine, options.runs, options.kills, options.seed))


async def _soaked(name: str, runs: int, kills: int, seed: int) -> int:
    began = time.monotonic()
    engine = ENGINES[name](2)
    await soak(engine, 10, seed)  # what stays open once it has been used at all
    engine.close()
    before = census()

    def progress(done: int) -> None:
        if done % REPORT_EACH == 0:
            _say(f"soak: {done} of {runs} runs, {time.monotonic() - began:.0f} s")

    engine = ENGINES[name](2)
    try:
        ends = await soak(engine, runs, seed, progress)
    finally:
        engine.close()
    await kill_supervisors(name, kills, seed)
    after = census()
    left = after.left_since(before)
    _say("soak: ended as " + ", ".join(f"{end} {count}" for end, count in ends.most_common()))
    _say("soak: before " + str(before.counts()))
    _say("soak: after  " + str(after.counts()))
    for kind, names in left.items():
        _say(f"soak: LEFT {kind}: {names}")
    _say(f"soak: {'something is left' if left else 'nothing is left'}, {time.monotonic() - began:.0f} s")
    return 1 if left else 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
