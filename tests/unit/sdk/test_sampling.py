"""Few successes are reported, and all of them are counted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autodev.sdk.recording.sampling import FIRST, SHAPES, Tally


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def used_up() -> tuple[Tally, Clock]:
    """A tally that no longer reports a success just for being among the first."""
    clock = Clock()
    tally = Tally(clock)
    for _ in range(FIRST):
        tally.success(("usual",))
    return tally, clock


def test_the_first_successes_are_all_reported() -> None:
    tally = Tally(Clock())
    assert [tally.success(()) for _ in range(FIRST + 1)] == [1] * FIRST + [0]


def test_then_one_a_second_stands_for_those_before_it() -> None:
    tally, clock = used_up()
    assert [tally.success(("usual",)) for _ in range(9)] == [0] * 9
    clock.now = 1.0
    assert tally.success(("usual",)) == 10


def test_a_new_shape_is_reported_at_once() -> None:
    tally, _ = used_up()
    tally.success(("usual",))
    assert [tally.success(("odd",)), tally.success(("odd",))] == [2, 0]


def test_shapes_without_end_do_not_report_every_call() -> None:
    tally, _ = used_up()
    assert sum(1 for number in range(10 * SHAPES) if tally.success((number,))) < SHAPES


def test_a_dropped_report_hands_its_count_to_the_next_of_its_kind() -> None:
    tally, clock = used_up()
    tally.put_back(3, success=True)
    tally.put_back(5, success=False)
    assert tally.failure() == 6
    clock.now = 1.0
    assert tally.success(("usual",)) == 4


def test_what_was_reported_a_moment_ago_is_not_swept_up() -> None:
    tally, clock = used_up()
    tally.success(("usual",))
    assert tally.unreported_successes(quiet_for=2.0) == 0
    clock.now = 2.0
    assert tally.unreported_successes(quiet_for=2.0) == 1


@given(st.lists(st.sampled_from(["success", "failure", "dropped", "sweep", "second"])))
def test_what_is_handed_out_adds_up_to_the_calls(steps: list[str]) -> None:
    clock = Clock()
    tally = Tally(clock)
    calls = handed_out = 0
    for step in steps:
        match step:
            case "success":
                calls += 1
                handed_out += tally.success(())
            case "failure":
                calls += 1
                handed_out += tally.failure()
            case "dropped":
                calls += 1
                tally.put_back(tally.failure(), success=False)
            case "sweep":
                handed_out += tally.unreported_successes()
            case "second":
                clock.now += 1
    assert handed_out + tally.unreported_successes() + tally.unreported_failures() == calls
