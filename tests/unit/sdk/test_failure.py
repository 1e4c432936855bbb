"""What an exception says about a failure."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from autodev.sdk.recording.failure import Failure, describe


class OwnError(Exception):
    class InnerError(Exception):
        pass


def failure_of(call: Callable[[], object]) -> Failure:
    with pytest.raises(Exception) as raised:  # noqa: PT011 - the caller looks closer
        call()
    return describe(raised.value, files=frozenset({__file__}), module=__name__)


def raising(error: Exception) -> Callable[[], None]:
    def call() -> None:
        raise error

    return call


def test_a_builtin_and_an_own_exception_go_by_their_name_alone() -> None:
    assert failure_of(raising(ValueError())).type == "ValueError"
    assert failure_of(raising(OwnError.InnerError())).type == "OwnError.InnerError"


def test_an_exception_of_another_module_is_named_with_it() -> None:
    assert failure_of(lambda: json.loads("{")).type == "json.decoder.JSONDecodeError"


def test_an_exception_that_can_not_be_printed_says_so() -> None:
    class UnprintableError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert failure_of(raising(UnprintableError())).message == "<str raised RuntimeError>"


def test_a_message_is_cut_and_can_always_be_written() -> None:
    assert failure_of(raising(ValueError("\ud800" * 10_000))).message == "\\ud800" * 666 + "\\ud8"


def test_only_places_of_the_given_files_count_outermost_first() -> None:
    places = failure_of(lambda: json.loads("{")).places
    assert [place.function for place in places] == ["failure_of", "<lambda>"]


def test_of_a_deep_recursion_both_ends_are_kept() -> None:
    def down(depth: int) -> int:
        return down(depth - 1) if depth else 1 // depth

    places = failure_of(lambda: down(200)).places
    assert len(places) == 50
    assert (places[0].function, places[-1].function) == ("failure_of", "down")
