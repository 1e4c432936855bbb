"""What a tenant may use within its window, and when it may go on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from autodev.ids import TenantId
from autodev.sandbox import Usage
from services.sandbox.domain.quota import Cost, Quota, Spending

LOUD, QUIET = TenantId("loud"), TenantId("quiet")
QUOTA = Quota(cpu_seconds=10, output_bytes=1_000, window_seconds=60)
SECOND = 1_000_000

charges = st.lists(
    st.tuples(
        st.sampled_from([LOUD, QUIET]),
        st.builds(Cost, st.integers(0, 15 * SECOND), st.integers(0, 1_500)),
        st.floats(0.0, 40.0),
    ),
    max_size=40,
)


def cpu(seconds: float) -> Cost:
    return Cost(round(seconds * SECOND), 0)


def test_a_tenant_has_room_until_it_has_used_its_quota() -> None:
    spending = Spending(QUOTA)
    spending.charge(LOUD, cpu(9.9), 0.0)
    assert spending.room_at(LOUD, 1.0) == 1.0
    spending.charge(LOUD, cpu(0.1), 1.0)
    assert spending.room_at(LOUD, 2.0) == 60.0


def test_bytes_count_as_cpu_does() -> None:
    spending = Spending(QUOTA)
    spending.charge(LOUD, Cost(0, 1_000), 5.0)
    assert spending.room_at(LOUD, 6.0) == 65.0


def test_what_one_tenant_used_is_nothing_to_another() -> None:
    spending = Spending(QUOTA)
    spending.charge(LOUD, cpu(1_000), 0.0)
    assert spending.room_at(QUIET, 0.0) == 0.0


def test_there_is_room_as_soon_as_enough_of_it_is_a_window_ago() -> None:
    spending = Spending(QUOTA)
    for moment in (0.0, 10.0, 20.0):
        spending.charge(LOUD, cpu(6), moment)
    assert spending.room_at(LOUD, 21.0) == 70.0


def test_a_run_that_took_more_than_the_whole_quota_waits_for_one_window_and_no_longer() -> None:
    spending = Spending(QUOTA)
    spending.charge(LOUD, cpu(1_000_000), 0.0)
    assert spending.room_at(LOUD, 59.0) == 60.0
    assert spending.room_at(LOUD, 60.0) == 60.0


@given(charges)
def test_room_is_there_exactly_when_less_than_the_quota_was_used_within_the_window(
    charges: list[tuple[TenantId, Cost, float]],
) -> None:
    spending, now, done = Spending(QUOTA), 0.0, list[tuple[TenantId, Cost, float]]()

    def used(tenant: TenantId, at: float) -> Cost:
        counted = [cost for who, cost, moment in done if who == tenant and moment + QUOTA.window_seconds > at]
        return Cost(sum(each.cpu_microseconds for each in counted), sum(each.output_bytes for each in counted))

    def has_room(tenant: TenantId, at: float) -> bool:
        total = used(tenant, at)
        return total.cpu_microseconds < 10 * SECOND and total.output_bytes < 1_000

    for tenant, cost, seconds in charges:
        now += seconds
        spending.charge(tenant, cost, now)
        done.append((tenant, cost, now))
        for each in (LOUD, QUIET):
            moment = spending.room_at(each, now)
            assert now <= moment <= now + QUOTA.window_seconds
            assert (moment == now) == has_room(each, now)
            assert has_room(each, moment + 1e-6)
            earlier = [at + QUOTA.window_seconds for who, _, at in done if who == each]
            assert not any(has_room(each, at) for at in earlier if now < at < moment - 1e-6), "no earlier moment has it"
        assert spending.anyone_full(now) == (not (has_room(LOUD, now) and has_room(QUIET, now)))


@given(charges)
def test_of_tenants_that_used_nothing_lately_nothing_is_kept(charges: list[tuple[TenantId, Cost, float]]) -> None:
    spending, now = Spending(QUOTA), 0.0
    for tenant, cost, seconds in charges:
        now += seconds
        spending.charge(tenant, cost, now)
    spending.room_at(TenantId("another"), now + QUOTA.window_seconds)
    assert spending.known == frozenset()


def test_a_run_costs_what_its_processes_used_and_what_nobody_could_measure() -> None:
    usage = Usage(cpu_seconds=1.5, unmeasured_seconds=2.0, output_bytes=100, dropped_bytes=90, result_bytes=7)
    assert Cost.of(usage) == Cost(3_500_000, 107)


@pytest.mark.parametrize(
    "field", [{"isolations": 0}, {"cpu_seconds": 0}, {"output_bytes": 0}, {"window_seconds": 0}, {"seconds": 1}]
)
def test_a_quota_that_lets_nothing_through_is_refused(field: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Quota.model_validate(field)
