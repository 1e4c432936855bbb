"""Every fault against an undisturbed run. Exit code 1 if anything was lost, doubled or differs."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.chaos.drill import Drill
from tests.chaos.faults.catalogue import all_faults
from tests.chaos.faults.fault import Fault
from tests.chaos.faults.kills import Undisturbed
from tests.chaos.outcome import Outcome
from tests.chaos.report import details, heading, line, table, write
from tests.chaos.servers import own_servers
from tests.chaos.workload import Workload

WINDOW = timedelta(minutes=5)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def run(faults: list[Fault], seed: int, logs: Path) -> list[Outcome]:
    """The undisturbed run, then each fault against it."""
    now = datetime.now(UTC)
    base = datetime.fromtimestamp(now.timestamp() // 300 * 300, UTC) - 9 * WINDOW
    outcomes: list[Outcome] = []
    with own_servers() as servers:
        drill = Drill(servers, Workload(base), seed, logs, lambda text: say(f"  {text}"))
        outcome, undisturbed = await drill.run(Undisturbed(), None)
        say(heading())
        for fault in [None, *faults]:
            if fault is not None:
                outcome, _ = await drill.run(fault, undisturbed)
            outcomes.append(outcome)
            for told in [line(outcome), *details(outcome)]:
                say(told)
    return outcomes


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="of all moments")
    parser.add_argument("--short", action="store_true", help="a few drills that stand for all")
    parser.add_argument("--only", nargs="+", metavar="WORD", default=[], help="drills whose name holds one of these")
    parser.add_argument("--report", type=Path, help="write JSON there")
    given = parser.parse_args()
    logs = Path(tempfile.mkdtemp(prefix="autodev-chaos-logs-"))
    faults = all_faults(given.seed, logs)
    if given.only:
        faults = [fault for fault in faults if any(word in fault.name for word in given.only)]
    say(f"seed {given.seed}: {len(faults)} drills; services log to {logs}")
    outcomes = asyncio.run(run(faults, given.seed, logs))
    say(f"\nseed {given.seed}\n{table(outcomes)}")
    if given.report:
        write(given.report, given.seed, outcomes)
    return 0 if all(outcome.is_right for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
