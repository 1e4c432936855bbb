"""Who gets a free isolation: rules that hold whoever comes, in whatever order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from autodev.ids import TenantId
from services.sandbox.domain.turns import Turns

RESERVED = 3.0
TENANTS = [TenantId(name) for name in ("loud", "quiet", "third", "fourth")]
LOUD, QUIET, *_ = TENANTS

steps = st.lists(
    st.tuples(st.sampled_from(["ask", "ask", "give back", "withdraw", "wait"]), st.sampled_from(TENANTS)), max_size=60
)


@dataclass
class Played:
    """Turns, and beside them an account of its own of what was asked, given and given back."""

    turns: Turns
    now: float = 0.0
    held: Counter[TenantId] = field(default_factory=Counter)
    waiting: Counter[TenantId] = field(default_factory=Counter)
    gave_back: dict[TenantId, float] = field(default_factory=dict)

    def step(self, what: str, tenant: TenantId) -> None:
        self.now += 0.4
        if what == "ask":
            self.turns.ask(tenant)
            self.waiting[tenant] += 1
        elif what == "withdraw" and self.waiting[tenant]:
            self.turns.withdraw(tenant)
            self.waiting[tenant] -= 1
        elif what == "give back" and self.held[tenant]:
            self.turns.give_back(tenant, self.now)
            self.held[tenant] -= 1
            self.gave_back[tenant] = self.now
        elif what == "wait":
            self.now += RESERVED
        while (served := self.turns.serve(self.now)) is not None:
            self.waiting[served] -= 1
            self.held[served] += 1

    def others(self, tenant: TenantId) -> set[TenantId]:
        """Those for whom one may be left free."""
        lately = {each for each, at in self.gave_back.items() if self.now - at < RESERVED}
        return ({each for each in TENANTS if self.held[each]} | lately) - {tenant}


@given(steps=steps, size=st.integers(1, 5), each=st.integers(1, 5))
def test_neither_all_nor_one_tenant_holds_more_than_it_may(
    steps: list[tuple[str, TenantId]], size: int, each: int
) -> None:
    played = Played(Turns(size, each, RESERVED))
    for step in steps:
        played.step(*step)
        assert all(played.waiting[tenant] >= 0 for tenant in TENANTS), "none is served that does not wait"
        assert played.held.total() <= size
        assert max(played.held.values(), default=0) <= each
        assert played.turns.free == size - played.held.total()


@given(steps=steps, size=st.integers(1, 5), each=st.integers(1, 5))
def test_none_stays_free_while_an_entitled_tenant_waits(
    steps: list[tuple[str, TenantId]], size: int, each: int
) -> None:
    played = Played(Turns(size, each, RESERVED))
    for step in steps:
        played.step(*step)
        if played.held.total() == size:
            continue
        for tenant in +played.waiting:
            assert played.held[tenant], "who has none is entitled to any that is free"
            left_for_others = min(len(played.others(tenant)), size - max(1, size // 2))  # half, of three two
            assert played.held[tenant] >= min(each, size - left_for_others)


@given(steps=steps, size=st.integers(1, 5))
def test_what_is_left_for_others_is_given_away_when_it_says(steps: list[tuple[str, TenantId]], size: int) -> None:
    played = Played(Turns(size, size, RESERVED))
    for step in steps:
        played.step(*step)
    for _ in range(20):
        again = played.turns.look_again_at()
        if again is None:
            break
        played.now = max(played.now, again)
        while (served := played.turns.serve(played.now)) is not None:
            played.waiting[served] -= 1
            played.held[served] += 1
    assert played.held.total() == size or not +played.waiting or len(+played.held) > 1


@given(
    jobs=st.lists(st.floats(0.1, 10.0), min_size=1, max_size=40),
    size=st.integers(1, 4),
    each=st.integers(1, 4),
    arrival=st.floats(0.0, 30.0),
)
def test_a_flood_delays_anothers_first_isolation_by_one_job_at_most(
    jobs: list[float], size: int, each: int, arrival: float
) -> None:
    turns, longest = Turns(size, each, RESERVED), max(jobs)
    left, running = list(jobs), list[float]()
    for _ in jobs:
        turns.ask(LOUD)

    def serve(now: float) -> bool:
        """Whether the other was served."""
        while (served := turns.serve(now)) is not None:
            if served == QUIET:
                return True
            running.append(now + left.pop())
        return False

    serve(0.0)
    while running and min(running) <= arrival:
        now = min(running)
        running.remove(now)
        turns.give_back(LOUD, now)
        serve(now)
    turns.ask(QUIET)
    now, served = arrival, serve(arrival)
    while not served:
        now = min(running)
        running.remove(now)
        turns.give_back(LOUD, now)
        served = serve(now)
    assert now - arrival <= longest


@given(steps=steps)
def test_of_tenants_that_are_gone_nothing_is_kept(steps: list[tuple[str, TenantId]]) -> None:
    played = Played(Turns(2, 2, RESERVED))
    for step in steps:
        played.step(*step)
    for tenant in TENANTS:
        while played.waiting[tenant]:
            played.step("withdraw", tenant)
        while played.held[tenant]:
            played.step("give back", tenant)
    played.step("wait", LOUD)
    assert played.turns.known == frozenset()
