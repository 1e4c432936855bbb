"""What the demo shows, act by act. An act that does not go as it should raises `TookTooLongError`."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Final

from rich.text import Text

from examples.flights.demo.fixes import Fix
from examples.flights.demo.screen import Screen
from examples.flights.demo.shell import Shell
from examples.flights.demo.tables import versions
from examples.flights.demo.watch import TookTooLongError, Watch, until

_SECONDS: Final = 15.0
_SIGHT_SECONDS: Final = 2.0
"""How long a change is left in sight."""


async def allow(screen: Screen, shell: Shell, agent: str) -> None:
    """Opt in, trust the agent, and give it a quota: without these, nothing is repaired."""
    screen.heading("Nothing learns until somebody allows it")
    await shell.autodev("workspace", "set", "enabled=true", "max_skill_candidates_per_day=50")
    await shell.autodev("agents", "grant", agent, "autonomous", "--reason", "its repairs may go out by themselves")


async def repair(screen: Screen, first: Watch, seconds: float) -> None:
    """The agent works until its tools no longer fail."""
    screen.heading(f"{first.agent.name} works through the flights")
    async with screen.live(first.story):
        await until(lambda: first.story.is_quiet, seconds, "some tools did not stop failing")


async def join_late(screen: Screen, first: Watch, second: Watch) -> None:
    """A second agent has every promoted version before its first call."""
    screen.heading(f"{second.agent.name} joins")
    await until(lambda: second.has_started, _SECONDS, f"{second.agent.name} did not start")
    ran = {name: tool.version for name, tool in second.story.tools.items()}
    screen.console.print(Text(f"In its first call it runs: {versions(ran) or 'only originals'}"), soft_wrap=True)
    if ran != {name: tool.version for name, tool in first.story.tools.items()}:
        raise TookTooLongError(
            f"{second.agent.name} did not have the versions of {first.agent.name} from its first call"
        )


async def withdraw_and_promote(screen: Screen, shell: Shell, fix: Fix, *agents: Watch) -> None:
    """A person takes a version back and promotes it again while the agents work."""
    screen.heading(f"{fix.tool} {fix.version} is withdrawn, and promoted again")
    withdrawing = monotonic()
    await shell.autodev("skills", "withdraw", fix.tool, "--reason", "to see the agents fall back")
    await _until_switched(screen, fix.tool, agents, promoted=False, since=withdrawing)
    approving = monotonic()
    await shell.autodev("candidates", "approve", fix.candidate_id, "--comment", "it was right")
    await _until_switched(screen, fix.tool, agents, promoted=True, since=approving)


async def _until_switched(
    screen: Screen, tool: str, agents: tuple[Watch, ...], *, promoted: bool, since: float
) -> None:
    """Wait until all agents run the tool promoted, or as it was written, and say how they fare with it."""
    stories = [watch.story.tools[tool] for watch in agents]
    which = "a promoted version" if promoted else "the original"
    await until(
        lambda: all((story.version is not None) is promoted for story in stories),
        _SECONDS,
        f"not all agents run {which} of {tool}",
    )
    seconds = monotonic() - since
    await asyncio.sleep(_SIGHT_SECONDS)
    screen.console.print(Text(f"{seconds:.1f} s after that command was typed, all agents run {which}:"))
    for watch, story in zip(agents, stories, strict=True):
        version = story.version or "as it was written"
        line = f"  {watch.agent.name}: {tool} {version} fails in {story.failure_rate:.1%} of its calls"
        screen.console.print(Text(line), soft_wrap=True)
