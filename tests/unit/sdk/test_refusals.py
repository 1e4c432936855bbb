"""What can't be a skill goes on as it was, with a warning."""

from __future__ import annotations

import functools
import importlib
import logging
from collections.abc import Iterator

import pytest

import autodev
from autodev.testing import MemoryBus
from tests.unit.sdk import tools


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING, logger="autodev")
    return caplog


def test_a_method_is_not_recorded(bus: MemoryBus, warnings: pytest.LogCaptureFixture) -> None:
    class Calculator:
        @autodev.skill
        def add(self, number: int) -> int:
            return number + 1

    assert Calculator().add(1) == 2  # type: ignore[call-arg, arg-type]  # for mypy, too, a skill is no method
    assert "a method can't be run without its object" in warnings.text
    assert bus.executions == []


def test_a_generator_is_not_recorded(bus: MemoryBus, warnings: pytest.LogCaptureFixture) -> None:
    @autodev.skill
    def count() -> Iterator[int]:
        yield 1

    assert list(count()) == [1]
    assert "a generator has no result" in warnings.text


@pytest.mark.parametrize("callable_", [len, functools.partial(int, "1"), dict, object()])
def test_what_is_no_function_is_returned_as_it_is(callable_: object, warnings: pytest.LogCaptureFixture) -> None:
    assert autodev.skill(callable_) is callable_  # type: ignore[call-overload]  # that is the point
    assert "only a function defined by def" in warnings.text


def test_a_second_function_of_a_name_is_not_recorded(bus: MemoryBus, warnings: pytest.LogCaptureFixture) -> None:
    @autodev.skill(name="half")
    def other(number: float) -> float:
        return -number

    assert other(1.0) == -1.0
    assert "is the skill 'half' already" in warnings.text
    assert bus.executions == []


def test_a_reloaded_module_replaces_its_own_skills(warnings: pytest.LogCaptureFixture) -> None:
    from tests.unit.sdk import late_tools

    importlib.reload(late_tools)
    assert warnings.records == []


@pytest.mark.parametrize("name", ["a/b", "spaced name", "größe", "x" * 129])
def test_a_name_that_keys_can_not_hold_is_refused(name: str, warnings: pytest.LogCaptureFixture) -> None:
    def tool() -> int:
        return 1

    assert autodev.skill(name=name)(tool)() == 1
    assert "must be letters, digits" in warnings.text


def test_a_refused_function_has_the_attributes_of_a_skill() -> None:
    @autodev.skill(name="no/name")
    def tool(number: int) -> int:
        return number

    assert tool.expecting(5)(1) == 1
    assert (tool.original(1), tool.version) == (1, None)


def test_a_function_within_a_function_is_recorded_but_can_not_be_repaired(
    bus: MemoryBus, warnings: pytest.LogCaptureFixture
) -> None:
    @autodev.skill
    def nested(number: int) -> float:
        return 1 / number

    with pytest.raises(ZeroDivisionError):
        nested(0)
    [failure] = bus.failures
    assert failure.skill is None
    assert failure.skill_name == "nested"
    assert "move it to its module's top level" in warnings.text


def test_the_wrapper_shows_what_it_wraps() -> None:
    assert (tools.half.__name__, tools.half.__module__) == ("half", tools.__name__)
