"""What a search hears of versions that were watched: the search part alone, judged, and never more than fits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.models.call import Returned
from autodev.events.models.search import CandidatesExecuted, Ended, PropertyVerdict, Verdict, Way
from autodev.ids import CallId
from services.fitness.domain.seen import ROOM, seen
from tests.unit.fitness.test_choosing import BASE, CALLS, FIXED, RAISES, Answer, candidate, executed

WRONG: Answer = (Returned(value=-1.0), PropertyVerdict.VIOLATED)


def watched(
    *candidates: tuple[Any, dict[str, Answer]], lines: tuple[int, ...] = (1, 2), calls: dict[str, Any] | None = None
) -> CandidatesExecuted:
    """A generation all of whose runs tell the ways of their calls."""
    generation = executed(*candidates, calls=calls)
    runs = [
        run.model_copy(update={"ways": tuple(Way(call_id=call.call_id, lines=lines, steps=9) for call in run.calls)})
        for run in generation.runs
    ]
    return generation.model_copy(update={"runs": tuple(runs)})


def test_held_out_calls_are_not_told() -> None:
    [base] = seen(watched())
    assert {call.call_id for call in base.calls} == {"fail-1", "good-1"}


def test_each_call_is_told_as_it_was_judged_with_its_way() -> None:
    base, other = seen(watched((candidate("a"), BASE | {"fail-1": FIXED, "good-1": WRONG})))
    told = {call.call_id: call for call in base.calls}
    assert (told[CallId("fail-1")].ended, told[CallId("fail-1")].error) == (Ended.RAISED, "ZeroDivisionError")
    assert (told[CallId("good-1")].ended, told[CallId("good-1")].lines) == (Ended.RIGHT, (1, 2))
    assert [call.ended for call in other.calls] == [Ended.RIGHT, Ended.WRONG]


def test_a_call_that_the_sandbox_ended_is_told_with_the_verdict() -> None:
    generation = watched((candidate("a"), BASE))
    run = generation.runs[1]
    ended = run.calls[0].model_copy(update={"verdict": Verdict.WALL_TIMEOUT, "outcome": None})
    runs = (generation.runs[0], run.model_copy(update={"calls": (ended, *run.calls[1:])}))
    other = seen(generation.model_copy(update={"runs": runs}))[1]
    assert (other.calls[0].ended, other.calls[0].error) == (Ended.STOPPED, "wall_timeout")


def test_a_version_that_nobody_watched_is_not_told() -> None:
    assert seen(executed((candidate("a"), BASE))) == []


@pytest.mark.parametrize("character", ["x", "\N{SNOWMAN}"])
def test_what_does_not_fit_is_left_out(character: str) -> None:
    long = character * (ROOM // 3)
    versions = seen(watched(*[(candidate(name, f"def speed(flight):\n    '{long}'\n"), BASE) for name in "abcd"]))
    assert 1 <= len(versions) < 5
    assert sum(len(version.model_dump_json().encode()) for version in versions) <= ROOM


def test_lines_are_left_out_before_a_version_is() -> None:
    calls = {f"{name}-{number}": call for name, call in CALLS.items() for number in range(50)}
    answers = {f"{name}-{number}": answer for name, answer in BASE.items() for number in range(50)}
    generation = executed((candidate("a"), answers), calls=calls, base=answers)
    runs = [
        run.model_copy(
            update={"ways": tuple(Way(call_id=call.call_id, lines=tuple(range(1_000))) for call in run.calls)}
        )
        for run in generation.runs
    ]
    versions = seen(generation.model_copy(update={"runs": tuple(runs)}))
    assert len(versions) == 2
    assert not any(call.lines for version in versions for call in version.calls)


@given(st.dictionaries(st.sampled_from(["fail-1", "fail-2", "good-1"]), st.sampled_from([FIXED, RAISES, WRONG])))
def test_a_version_is_as_close_as_its_calls_are_right(changed: dict[str, Answer]) -> None:
    base, other = seen(watched((candidate("a"), BASE | changed)))
    right = [call.ended is Ended.RIGHT for call in other.calls]
    assert (other.closeness == 1.0) == all(right)
    assert sum(right) / len(right) <= other.closeness
    assert base.closeness == 0.5
