"""Every fault against an undisturbed run. Exit code 1 if anything was lost, doubled or differs."""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
import tempfile
from pathlib import Path

from tests.chaos.drill import Drill
from tests.chaos.faults.catalogue import all_faults, short_faults
from tests.chaos.faults.fault import Fault
from tests.chaos.faults.kills import Undisturbed
from tests.chaos.outcome import Outcome
from tests.chaos.report import details, heading, line, table, write
from tests.chaos.servers import own_servers
from tests.chaos.spool.drill import NAME as FULL_DISK
from tests.chaos.spool.drill import run as full_disk
from tests.chaos.workload import recent_workload


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def run(faults: list[Fault], *, with_full_disk: bool, seed: int, logs: Path) -> list[Outcome]:
    """The undisturbed run, then each fault against it."""
    outcomes: list[Outcome] = []

    def tell(outcome: Outcome) -> None:
        outcomes.append(outcome)
        for told in [line(outcome), *details(outcome)]:
            say(told)

    with own_servers() as servers:
        say(heading())
        if faults:
            drill = Drill(servers, recent_workload(), seed, logs, lambda text: say(f"  {text}"))
            outcome, undisturbed = await drill.run(Undisturbed(), None)
            tell(outcome)
            for fault in faults:
                outcome, _ = await drill.run(fault, undisturbed)
                tell(outcome)
        if with_full_disk:
            say(f"  {FULL_DISK}")
            tell(await full_disk(servers, logs))
    return outcomes


def _is_wanted(name: str, words: list[str]) -> bool:
    return not words or any(word in name for word in words)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="of all moments")
    parser.add_argument("--short", action="store_true", help="a few drills that stand for all")
    parser.add_argument("--only", nargs="+", metavar="WORD", default=[], help="drills whose name holds one of these")
    parser.add_argument("--report", type=Path, help="write JSON there")
    given = parser.parse_args()
    for noisy in ("aiokafka", "asyncio"):  # that servers are away is what is meant
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    logs = Path(tempfile.mkdtemp(prefix="autodev-chaos-logs-"))
    faults = short_faults() if given.short else all_faults(given.seed, logs)
    chosen = [fault for fault in faults if _is_wanted(fault.name, given.only)]
    say(f"seed {given.seed}: {len(chosen)} drills; services log to {logs}")
    outcomes = asyncio.run(run(chosen, with_full_disk=_is_wanted(FULL_DISK, given.only), seed=given.seed, logs=logs))
    say(f"\nseed {given.seed}\n{table(outcomes)}")
    if given.report:
        write(given.report, given.seed, outcomes)
    return 0 if all(outcome.is_right for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
