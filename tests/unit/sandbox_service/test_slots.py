"""Whose isolation runs next."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from autodev.ids import TenantId
from services.sandbox.slots import FairSlots

LOUD, QUIET, THIRD = TenantId("loud"), TenantId("quiet"), TenantId("third")


class Bench:
    """Holders that stay until they are told to go, and the order in which they began."""

    def __init__(self, size: int, reserved_seconds: float = 0.0, each: int | None = None) -> None:
        self.slots = FairSlots(size, reserved_seconds, each=each)
        self.began: list[TenantId] = []
        self._ends: list[asyncio.Event] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def ask(self, *tenants: TenantId) -> None:
        for tenant in tenants:
            self.tasks.append(asyncio.create_task(self._hold(tenant)))
            await settled()

    async def end(self, count: int) -> None:
        """Those that began first go."""
        for _ in range(count):
            self._ends.pop(0).set()
            await settled()

    def give_up(self) -> None:
        for task in self.tasks:
            task.cancel()

    async def _hold(self, tenant: TenantId) -> None:
        async with self.slots.of(tenant):
            self.began.append(tenant)
            end = asyncio.Event()
            self._ends.append(end)
            await end.wait()


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_no_more_run_at_one_time_than_there_are_slots() -> None:
    bench = Bench(2)
    await bench.ask(LOUD, LOUD, LOUD)
    assert bench.began == [LOUD, LOUD]
    await bench.end(1)
    assert bench.began == [LOUD, LOUD, LOUD]
    await bench.end(2)


async def test_one_that_has_none_comes_before_those_that_wait_for_more() -> None:
    bench = Bench(2)
    await bench.ask(LOUD, LOUD, LOUD, LOUD, LOUD, QUIET)
    await bench.end(1)
    assert bench.began[2:] == [QUIET]
    await bench.end(5)


async def test_equals_take_turns() -> None:
    bench = Bench(1)
    await bench.ask(LOUD, LOUD, LOUD, QUIET, QUIET, THIRD)
    await bench.end(6)
    assert bench.began == [LOUD, LOUD, QUIET, THIRD, LOUD, QUIET]


async def test_one_leaves_a_slot_for_another_that_was_here_just_now() -> None:
    bench = Bench(2, reserved_seconds=60.0)
    await bench.ask(QUIET)
    await bench.end(1)
    await bench.ask(LOUD, LOUD, LOUD)
    assert bench.began == [QUIET, LOUD]
    await bench.ask(QUIET)
    assert bench.began == [QUIET, LOUD, QUIET]
    await bench.end(1)
    assert bench.began == [QUIET, LOUD, QUIET, LOUD]
    bench.give_up()


async def test_what_was_left_for_another_is_given_away_after_a_while() -> None:
    bench = Bench(2, reserved_seconds=0.05)
    await bench.ask(QUIET)
    await bench.end(1)
    await bench.ask(LOUD, LOUD)
    assert bench.began == [QUIET, LOUD]
    async with asyncio.timeout(5):
        while len(bench.began) < 3:  # noqa: ASYNC110 - the clock sets no event
            await asyncio.sleep(0.01)
    await bench.end(2)


async def test_with_a_slot_for_each_nobody_waits_for_those_that_were_here() -> None:
    bench = Bench(1, reserved_seconds=60.0)
    await bench.ask(QUIET)
    await bench.end(1)
    await bench.ask(LOUD, LOUD)
    await bench.end(2)
    assert bench.began == [QUIET, LOUD, LOUD]


async def test_a_tenant_has_no_more_than_its_own_bound_though_others_are_free() -> None:
    bench = Bench(4, each=2)
    await bench.ask(LOUD, LOUD, LOUD, QUIET)
    assert bench.began == [LOUD, LOUD, QUIET]
    await bench.end(1)
    assert bench.began == [LOUD, LOUD, QUIET, LOUD]
    await bench.end(3)


async def test_on_a_single_slot_a_flood_is_not_served_twice_before_anothers_first() -> None:
    bench = Bench(1, reserved_seconds=60.0)
    await bench.ask(LOUD, LOUD, LOUD, QUIET)
    await bench.end(1)
    assert bench.began == [LOUD, QUIET]
    await bench.end(3)


async def test_half_of_the_slots_are_left_for_others_at_most() -> None:
    bench = Bench(4, reserved_seconds=60.0)
    await bench.ask(QUIET, THIRD, TenantId("fourth"))
    await bench.end(3)
    await bench.ask(LOUD, LOUD, LOUD)
    assert bench.began[3:] == [LOUD, LOUD]
    bench.give_up()


async def test_one_that_gives_up_waiting_costs_its_tenant_no_turn() -> None:
    bench = Bench(1)
    await bench.ask(THIRD, QUIET, QUIET, LOUD)
    bench.tasks[1].cancel()
    await settled()
    await bench.end(2)
    assert bench.began == [THIRD, QUIET, LOUD]
    await bench.end(1)


async def test_one_that_gives_up_waiting_takes_nothing_with_it() -> None:
    bench = Bench(1)
    await bench.ask(LOUD, QUIET, THIRD)
    bench.tasks[1].cancel()
    await bench.end(1)
    assert bench.began == [LOUD, THIRD]
    await bench.end(1)
    await bench.ask(QUIET)
    assert bench.began == [LOUD, THIRD, QUIET]
    await bench.end(1)


async def test_one_that_gives_up_at_the_moment_of_its_turn_passes_it_on() -> None:
    slots = FairSlots(1)
    loud = slots.of(LOUD)
    await loud.__aenter__()
    quiet = asyncio.create_task(slots.of(QUIET).__aenter__())
    await settled()
    await loud.__aexit__(None, None, None)
    quiet.cancel()
    with suppress(asyncio.CancelledError):
        await quiet
    async with asyncio.timeout(1), slots.of(THIRD):
        pass


@given(st.lists(st.tuples(st.sampled_from([LOUD, QUIET, THIRD]), st.integers(0, 3), st.booleans()), max_size=30))
def test_whatever_comes_and_goes_every_slot_is_there_again_in_the_end(
    visits: list[tuple[TenantId, int, bool]],
) -> None:
    async def play() -> None:
        slots, held, most = FairSlots(2, reserved_seconds=0.001), Counter[str](), [0]

        async def visit(tenant: TenantId, pauses: int) -> None:
            async with slots.of(tenant):
                held["now"] += 1
                most.append(held["now"])
                try:
                    for _ in range(pauses):
                        await asyncio.sleep(0)
                finally:
                    held["now"] -= 1

        tasks = []
        for tenant, pauses, gives_up in visits:
            tasks.append(asyncio.create_task(visit(tenant, pauses)))
            await asyncio.sleep(0)
            if gives_up:
                tasks[-1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert max(most) <= 2
        async with asyncio.timeout(1), slots.of(LOUD), slots.of(QUIET):
            pass

    asyncio.run(play())
