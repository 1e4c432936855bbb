"""The patrol asks a consumer that Faust may be taking down at that moment."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from autodev.stream.ports import Publisher
from services.analysis.consumer.member import FaustMember
from services.analysis.consumer.patrol import Patrol

ENDED = 1.0


class Stopping:
    """A member whose consumer answers with `error`, and that stops meanwhile if `draining`."""

    crash = None
    rebalancing = False
    readers = (type("Reader", (), {"next_offset": 0})(),)

    def __init__(self, error: BaseException, *, draining: bool) -> None:
        self.draining = False
        self.failures: list[BaseException] = []
        self._error = error
        self._stops = draining

    def drop_revoked(self) -> None:
        """Nothing was."""

    def fail(self, error: BaseException) -> None:
        self.failures.append(error)

    async def lags(self, _: object) -> object:
        self.draining = self._stops
        raise self._error


def patrol(member: Stopping) -> Patrol:
    return Patrol(cast("FaustMember", member), cast("Publisher", None), "analysis", interval=0.0)


@pytest.mark.parametrize("error", [asyncio.CancelledError(), RuntimeError("the consumer is gone")])
async def test_what_a_stopping_consumer_answers_ends_the_patrol_and_is_no_failure(error: BaseException) -> None:
    member = Stopping(error, draining=True)
    async with asyncio.timeout(ENDED):
        await patrol(member).run()
    assert member.failures == []


async def test_a_cancellation_out_of_a_working_consumer_goes_on() -> None:
    with pytest.raises(asyncio.CancelledError):
        await patrol(Stopping(asyncio.CancelledError(), draining=False)).run()


async def test_an_error_that_no_retry_helps_fails_a_working_member() -> None:
    error = RuntimeError("a defect")
    member = Stopping(error, draining=False)
    async with asyncio.timeout(ENDED):
        await patrol(member).run()
    assert member.failures == [error]


async def test_a_patrol_that_is_cancelled_while_its_member_stops_is_cancelled() -> None:
    class Slow(Stopping):
        async def lags(self, _: object) -> object:
            self.draining = True
            return await asyncio.Event().wait()

    running = asyncio.create_task(patrol(Slow(RuntimeError(), draining=True)).run())
    await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
