"""The demo from its first act to its last."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Final

from rich.text import Text

from deploy.local.stack.state import StackState
from examples.flights.dataset import data_directory
from examples.flights.demo import acts
from examples.flights.demo.cast import Cast, stage
from examples.flights.demo.chart import draw
from examples.flights.demo.screen import Screen
from examples.flights.demo.shell import CommandFailedError, Shell
from examples.flights.demo.stack import local_stack
from examples.flights.demo.story import Story
from examples.flights.demo.tables import result_table, teeth_table
from examples.flights.demo.teeth import Refusals, refusals
from examples.flights.demo.verdict import shortcomings
from examples.flights.demo.watch import TookTooLongError
from examples.flights.messages import Measured
from examples.flights.situation import Flights
from examples.flights.toolbox import TOOLS
from examples.flights.worklist import worklist

FIRST: Final = "flights-agent"
SECOND: Final = "late-agent"
AIM_SECONDS: Final = 5.0
_MEASURE_SECONDS: Final = 60.0


@dataclass(frozen=True)
class Plan:
    """What the demo is asked for."""

    stack: Path
    """Directory of the local stack."""
    output: Path
    rate: int
    """Flights a second, of each agent."""
    checked_flights: int
    """On how many the property checks must show their teeth."""
    held_out_flights: int
    """On how many the tools are measured."""
    repair_seconds: float
    """How long the tools may take to be repaired, all together."""


async def conduct(plan: Plan, screen: Screen) -> bool:
    """Run the demo; whether all went as it should and every failing tool was fixed."""
    plan.output.mkdir(parents=True, exist_ok=True)
    checking = asyncio.create_task(asyncio.to_thread(_checked, plan.checked_flights))
    screen.heading("The system comes up")
    async with local_stack(plan.stack, screen.console) as state:
        screen.heading("The tools fail on real flights; their checks know a right answer from an easy one")
        rows = await checking
        screen.console.print(teeth_table(rows))
        problems = [f"the check of {row.tool} has no teeth" for row in rows if not row.has_teeth]
        if not problems:
            problems = await _play(plan, screen, state)
    for problem in problems:
        screen.console.print(Text(problem, style="red"), soft_wrap=True)
    if not problems:
        screen.console.print("Every failing tool was fixed while the agent went on working.", style="bold green")
    return not problems


def _checked(flights: int) -> list[Refusals]:
    known = Flights(data_directory())
    situations = [known.situation(number) for number in worklist(len(known))[:flights]]
    return [refusals(tool, situations) for tool in TOOLS]


async def _play(plan: Plan, screen: Screen, state: StackState) -> list[str]:
    """All acts with agents; what did not go as it should."""
    environment = {
        **state.environment,
        # A tenant of its own, so that this run knows nothing of an earlier one.
        "AUTODEV_TENANT": f"flights-{token_hex(3)}",
        "AUTODEV_SPOOL_DIRECTORY": str(plan.output / "spool"),
    }
    shell = Shell(screen.console, environment)
    shell.show(f"export AUTODEV_TENANT={environment['AUTODEV_TENANT']}")
    await acts.allow(screen, shell, FIRST)
    async with stage(screen, environment, plan.output) as cast:
        story, measured, problems = await _act(plan, screen, shell, cast)
    _show_results(plan, screen, story, measured)
    return [*problems, *shortcomings(story, measured)]


async def _act(plan: Plan, screen: Screen, shell: Shell, cast: Cast) -> tuple[Story, Measured, list[str]]:
    options = (f"--rate={plan.rate}", f"--held-out={plan.held_out_flights}")
    problems = []
    first = await cast.enter(FIRST, *options)
    async with cast.audience(first):
        try:
            await acts.repair(screen, first, plan.repair_seconds)
            second = await cast.enter(SECOND, *options, "--skip=100000")
            await acts.join_late(screen, first, second)
            if fix := first.story.running_fix:
                await acts.withdraw_and_promote(screen, shell, fix, first, second)
        except (TookTooLongError, CommandFailedError) as problem:
            problems.append(str(problem))
        measured = await first.measure(_MEASURE_SECONDS)
    return first.story, measured, problems


def _show_results(plan: Plan, screen: Screen, story: Story, measured: Measured) -> None:
    screen.heading("Before and after")
    screen.console.print(result_table(story, measured))
    if story.median_seconds is not None:
        times = f"median {story.median_seconds:.1f} s of {len(story.fixes)} fixes (aim: {AIM_SECONDS:.0f} s)"
        screen.console.print(Text(f"First failure → promoted version in the agent: {times}", style="bold"))
    picture = plan.output / "failure-rate.png"
    draw(story, picture)
    screen.console.print(Text(f"Failure rates over time: {picture}"), soft_wrap=True)
