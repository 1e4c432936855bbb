"""Of functions that people write, one of the first edits repairs every failing call and keeps the good ones."""

from __future__ import annotations

from time import perf_counter

import pytest

from autodev.repair import Edit
from tests.unit.repair import broken_tools
from tests.unit.repair.recording import Broken, fixes_all, proposals

REAL_FUNCTIONS = {name: value for name, value in vars(broken_tools).items() if isinstance(value, Broken)}
every_real_function = pytest.mark.parametrize("broken", REAL_FUNCTIONS.values(), ids=REAL_FUNCTIONS)


def first_right(broken: Broken, edits: tuple[Edit, ...]) -> Edit:
    return next(edit for edit in edits if fixes_all(broken, edit.code))


@every_real_function
def test_one_of_the_first_twelve_edits_is_right_on_every_call(broken: Broken) -> None:
    assert any(fixes_all(broken, edit.code) for edit in proposals(broken)[:12])


@every_real_function
def test_the_first_right_edit_does_not_just_swallow_the_exception(broken: Broken) -> None:
    assert "tolerate" not in first_right(broken, proposals(broken)).operator


@every_real_function
def test_proposing_takes_a_fraction_of_a_second(broken: Broken) -> None:
    started = perf_counter()
    proposals(broken)

    assert perf_counter() - started < 1.0  # measured 2 to 30 ms; the slack is for a busy machine
