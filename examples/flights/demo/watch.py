"""One agent under observation: what it says goes into its story, and the news of it onto the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

from autodev.events.models.base import EventData
from examples.flights.demo.agent_process import AgentProcess
from examples.flights.demo.screen import Screen
from examples.flights.demo.story import Story
from examples.flights.messages import Measured, Started, Switched, Worked
from examples.flights.toolbox import TOOLS

_POLL_SECONDS = 0.05


class TookTooLongError(Exception):
    """Something did not happen in time; the message says what, and where to look."""


class Watch:
    def __init__(self, agent: AgentProcess, screen: Screen) -> None:
        self.agent = agent
        self.story = Story(tool.name for tool in TOOLS)
        self.has_started = False
        self.measured: Measured | None = None
        self._screen = screen

    async def follow(self) -> None:
        """Listen until the agent is stopped."""
        async for message in self.agent.messages():
            match message:
                case Started():
                    self.has_started = True
                    self.story.start(message)
                case Worked() if self.measured is None:
                    self.story.work(message)
                case Switched():
                    news = self.story.switch(message)
                    self._screen.tell(f"{self.agent.name}: {news}" if isinstance(news, str) else news)
                case Measured():
                    self.measured = message

    def told(self, event: EventData) -> None:
        """The tenant's topics have something to say."""
        self._screen.tell(self.story.happen(event))

    async def measure(self, seconds: float) -> Measured:
        """Have the agent measure its tools on the held-out flights.

        Raises:
            TookTooLongError: it did not within `seconds`.
        """
        self.agent.measure()
        await until(lambda: self.measured is not None, seconds, f"{self.agent.name} did not measure its tools")
        assert self.measured is not None
        return self.measured


async def until(condition: Callable[[], bool], seconds: float, otherwise: str) -> None:
    """Wait for `condition`.

    Raises:
        TookTooLongError: with `otherwise`, after `seconds`.
    """
    began = monotonic()
    while not condition():
        if monotonic() - began > seconds:
            raise TookTooLongError(f"{otherwise} within {seconds:.0f} s")
        await asyncio.sleep(_POLL_SECONDS)
