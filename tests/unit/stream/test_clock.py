"""One moment for all that is decided in a transaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from autodev.stream.clock import one_moment, taking_place_at, transaction_time

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_a_transaction_has_one_moment() -> None:
    moments = iter([NOON, NOON + timedelta(seconds=1)])

    with one_moment(lambda: next(moments)):
        assert [transaction_time(), transaction_time()] == [NOON, NOON]


def test_one_that_waits_for_another_before_it_asks_is_later() -> None:
    clock = [NOON]

    with one_moment(lambda: clock[0]):
        clock[0] += timedelta(seconds=1)  # waiting for a lock
        assert transaction_time() == NOON + timedelta(seconds=1)


def test_what_is_done_again_takes_place_when_it_first_did() -> None:
    with taking_place_at(NOON):
        assert transaction_time() == NOON


def test_outside_of_a_transaction_time_goes_on() -> None:
    assert transaction_time() <= transaction_time()
