"""`python -m examples.flights.demo`: exit code 0 only if every failing tool was fixed."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from examples.flights.dataset import DatasetMissingError
from examples.flights.demo.agent_process import AgentEndedError
from examples.flights.demo.conductor import Plan, conduct
from examples.flights.demo.screen import Screen
from examples.flights.demo.shell import CommandFailedError
from examples.flights.demo.stack import StackFailedError
from examples.flights.demo.watch import TookTooLongError

_PLAIN_WIDTH = 120
"""Of a pipe or a file, which has none of its own."""
_VAR = Path(__file__).parents[3] / "var"
_EXPECTED = (AgentEndedError, CommandFailedError, DatasetMissingError, StackFailedError, TookTooLongError)


def main() -> int:
    console = Console()
    if not console.is_terminal:
        console.width = _PLAIN_WIDTH
    try:
        return 0 if asyncio.run(conduct(_plan(), Screen(console))) else 1
    except* _EXPECTED as problems:
        for problem in _single(problems):
            console.print(Text(str(problem), style="red"), soft_wrap=True)
    except* KeyboardInterrupt:
        console.print("Interrupted.")
    return 1


def _plan() -> Plan:
    parser = argparse.ArgumentParser(
        prog="demo", description="An agent fails on real flights and is fixed while it runs."
    )
    parser.add_argument("--short", action="store_true", help="measure on fewer flights")
    parser.add_argument("--rate", type=int, default=400, help="flights a second (default: 400)")
    parser.add_argument("--stack", type=Path, default=_VAR / "local", help="directory of the local stack")
    parser.add_argument("--output", type=Path, default=_VAR / "demo", help="where the picture and the logs go")
    options = parser.parse_args()
    return Plan(
        stack=options.stack,
        output=options.output,
        rate=options.rate,
        checked_flights=500 if options.short else 2_000,
        held_out_flights=2_000 if options.short else 10_000,
        repair_seconds=90.0,
    )


def _single(problems: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    return [
        single
        for problem in problems.exceptions
        for single in (_single(problem) if isinstance(problem, BaseExceptionGroup) else [problem])
    ]


if __name__ == "__main__":
    sys.exit(main())
