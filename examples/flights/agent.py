"""The agent: works through the flights with its tools. That it reports and learns is in `tools`, not here.

Run by the demo, or by hand against a stack that is up: `python -m examples.flights.agent`, with AUTODEV_TENANT,
AUTODEV_AGENT and AUTODEV_KAFKA__BOOTSTRAP_SERVERS set.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import cycle, islice
from queue import Empty, SimpleQueue
from time import monotonic, sleep

from pydantic import BaseModel

import autodev
from examples.flights.calling import Tally
from examples.flights.dataset import FlightNumber, data_directory
from examples.flights.messages import MEASURE, Measured, Started, Switched, Worked
from examples.flights.situation import Flights, Situation
from examples.flights.toolbox import TOOLS
from examples.flights.worklist import held_out, worklist

_REPORT_SECONDS = 0.25
_STEP_SECONDS = 0.02


def main() -> None:
    parser = argparse.ArgumentParser(description="Work through the flights until standard input ends.")
    parser.add_argument("--rate", type=int, default=400, help="flights a second")
    parser.add_argument("--skip", type=int, default=0, help="how many flights of the list to leave to others")
    parser.add_argument("--held-out", type=int, default=10_000, help="on how many flights to measure")
    options = parser.parse_args()

    autodev.on_promotion(_switched)
    flights = Flights(data_directory())
    autodev.ready()
    _say(Started(at=datetime.now(UTC), versions={tool.name: tool.skill.version for tool in TOOLS}))
    todo = islice(cycle(worklist(len(flights))), options.skip, None)
    commands = _commands()
    while (command := _next(commands)) is not None:
        if command == MEASURE:
            _say(_measured(flights, held_out(len(flights))[: options.held_out]))
        _work(flights, todo, options.rate)


def _work(flights: Flights, todo: Iterator[FlightNumber], rate: int) -> None:
    """Work for one reporting interval, at an even pace, and say what happened."""
    tallies = {tool.name: Tally() for tool in TOOLS}
    began, done = monotonic(), 0
    while (elapsed := monotonic() - began) < _REPORT_SECONDS:
        due = int(elapsed * rate) + 1 - done
        for situation in map(flights.situation, islice(todo, due)):
            _use_tools(situation, tallies)
        done += due
        sleep(_STEP_SECONDS)
    tools = {name: tally.counts() for name, tally in tallies.items()}
    _say(Worked(at=datetime.now(UTC), flights=done, tools=tools))


def _use_tools(situation: Situation, tallies: dict[str, Tally]) -> None:
    for tool in TOOLS:
        tallies[tool.name].count(tool.skill, tool.check, tool.arguments(situation))


def _measured(flights: Flights, numbers: Sequence[FlightNumber]) -> Measured:
    before, after = ({tool.name: Tally() for tool in TOOLS} for _ in range(2))
    for situation in map(flights.situation, numbers):
        _use_tools(situation, after)
        for tool in TOOLS:
            before[tool.name].count(tool.skill.original, tool.check, tool.arguments(situation))
    return Measured(
        before={name: tally.counts() for name, tally in before.items()},
        after={name: tally.counts() for name, tally in after.items()},
    )


def _switched(change: autodev.VersionChange) -> None:
    _say(
        Switched(
            tool=change.skill, version=change.version, at=change.loaded_at, first_failure_at=change.first_failure_at
        )
    )


_saying = threading.Lock()


def _say(message: BaseModel) -> None:
    with _saying:  # promotions are told on another thread
        sys.stdout.write(message.model_dump_json() + "\n")
        sys.stdout.flush()


def _commands() -> SimpleQueue[str | None]:
    """Lines of standard input as they come, then None."""
    queue: SimpleQueue[str | None] = SimpleQueue()

    def read(lines: Iterable[str]) -> None:
        for line in lines:
            queue.put(line.strip())
        queue.put(None)

    threading.Thread(target=read, args=(sys.stdin,), daemon=True).start()
    return queue


def _next(commands: SimpleQueue[str | None]) -> str | None:
    """The next command, "" if there is none yet, None if there will be none."""
    try:
        return commands.get_nowait()
    except Empty:
        return ""


if __name__ == "__main__":
    main()
