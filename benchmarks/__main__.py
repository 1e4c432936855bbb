"""Run benchmarks on servers started for the purpose: python -m benchmarks [ingest loop fairness …] [--short]."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from benchmarks import machine
from benchmarks.analysis.run import analysis
from benchmarks.fairness.run import fairness
from benchmarks.ingest.run import ingest
from benchmarks.loop.run import loop
from benchmarks.measurement import Measurement
from benchmarks.memory.run import memory
from benchmarks.results import BEFORE, RESULTS, Result, Results, load, save
from benchmarks.sandbox.run import sandbox
from benchmarks.search.run import searching
from benchmarks.servers import Servers, servers
from benchmarks.table import embedded, markdown

PAGE: Final = Path(__file__).parent.parent / "docs" / "benchmarks.md"


class Benchmark(Protocol):
    def __call__(self, servers: Servers, /, *, short: bool) -> Awaitable[list[Measurement]]:
        """Install what is needed on `servers`, and measure; quicker and less exactly if `short`."""


class ServerlessBenchmark(Protocol):
    def __call__(self, *, short: bool) -> Awaitable[list[Measurement]]:
        """Measure what needs no servers; quicker and less exactly if `short`."""


SERVERLESS: Final[Mapping[str, ServerlessBenchmark]] = {"sandbox": sandbox, "search": searching}
BENCHMARKS: Final[Mapping[str, Benchmark]] = {
    "ingest": ingest,
    "loop": loop,
    "fairness": fairness,
    "analysis": analysis,
    "memory": memory,
}
NAMES: Final = (*BENCHMARKS, *SERVERLESS)


def main() -> int:
    """Exit code 1 if a number is not what is promised."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the system on this machine.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all unless given")
    parser.add_argument("--short", action="store_true", help="less exact, in a few minutes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there, too")
    parser.add_argument("--write-docs", action="store_true", help=f"keep the numbers, and write {PAGE.name} anew")
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}: there are {', '.join(NAMES)}")
    measured = asyncio.run(_measured(options.names or list(NAMES), short=options.short))
    if options.json:
        save(options.json, measured)
    if options.write_docs:
        save(RESULTS, load(RESULTS).updated(measured))
        PAGE.write_text(embedded(PAGE.read_text(), markdown(load(RESULTS), load(BEFORE))))
    return 1 if any(result.broken for result in measured.results.values()) else 0


async def _measured(names: list[str], *, short: bool) -> Results:
    results = {}
    for name in names:
        measurements = await _measurements(name, short=short)
        result = Result(
            measured_on=datetime.now(UTC).date(), short=short, machine=machine.facts(), measurements=tuple(measurements)
        )
        results[name] = result
        sys.stdout.write(markdown(Results(results={name: result}), load(BEFORE)) + "\n")
        sys.stdout.flush()
    return Results(results=results)


async def _measurements(name: str, *, short: bool) -> list[Measurement]:
    if name in SERVERLESS:
        return await SERVERLESS[name](short=short)
    with servers() as started:
        return await BENCHMARKS[name](started, short=short)


if __name__ == "__main__":
    sys.exit(main())
