"""Whatever is passed, returned or raised: a skill behaves like the function that it decorates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodev.testing import MemoryBus, memory_bus
from tests.unit.sdk import tools


@pytest.fixture(scope="module", autouse=True)
def one_bus() -> Iterator[MemoryBus]:
    with memory_bus() as bus:
        yield bus
        # Everything that was thrown at it could be encoded and delivered.
        assert sum(execution.executions for execution in bus.executions) > 0


class Hostile:
    """Raises from whatever it is asked."""

    def __init__(self, error: type[BaseException]) -> None:
        self._error = error

    def _raise(self, *_: object) -> Any:
        raise self._error("hostile")

    __repr__ = __str__ = __eq__ = __hash__ = __len__ = __bool__ = __iter__ = __copy__ = __reduce__ = _raise


class HostileKind(type):
    def __hash__(cls) -> int:
        raise RuntimeError("even its type is hostile")


class OfHostileKind(metaclass=HostileKind):
    pass


class HostileError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("hostile")

    __repr__ = __str__


def recursive() -> list[Any]:
    loop: list[Any] = []
    loop.append({"loop": loop})
    return loop


def deep() -> list[Any]:
    value: list[Any] = []
    for _ in range(5_000):
        value = [value]
    return value


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.complex_numbers()
    | st.uuids(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner) | st.sets(st.integers()),
    max_leaves=8,
)
odd_makers: list[Callable[[], object]] = [
    recursive,
    deep,
    object,
    lambda: OfHostileKind(),  # noqa: PLW0108 - hypothesis, too, would ask for its type's hash
    lambda: Hostile(RuntimeError),
    lambda: Hostile(RecursionError),
]
values = plain | st.integers(0, len(odd_makers) - 1).map(lambda index: odd_makers[index]())
failures = [ValueError, KeyError, OSError, RecursionError, MemoryError, StopIteration, HostileError]
unhurried = settings(deadline=None, max_examples=50)
"""The first call of a skill starts a thread, which competes with it."""
interruptions = [KeyboardInterrupt, SystemExit, GeneratorExit]


@unhurried
@given(values)
def test_a_result_is_the_very_object_that_the_function_returned(value: object) -> None:
    assert tools.identity(value) is value


@unhurried
@given(st.lists(values, max_size=3), st.dictionaries(st.text(), values, max_size=3))
def test_arguments_arrive_as_the_very_objects_that_were_passed(args: list[object], kwargs: dict[str, object]) -> None:
    given_args, given_kwargs = tools.collect(*args, **kwargs)
    assert [id(value) for value in given_args] == [id(value) for value in args]
    assert {name: id(value) for name, value in given_kwargs.items()} == {name: id(kwargs[name]) for name in kwargs}


@unhurried
@given(st.sampled_from([*failures, *interruptions]), st.lists(plain, max_size=2))
def test_an_exception_is_the_very_object_that_the_function_raised(
    kind: type[BaseException], args: list[object]
) -> None:
    error = kind(*args)
    with pytest.raises(kind) as raised:
        tools.raising(error)
    assert raised.value is error


@unhurried
@given(values)
def test_wrong_arguments_raise_the_functions_own_error(value: object) -> None:
    with pytest.raises(TypeError) as raised:
        tools.half(value, value)  # type: ignore[call-arg, arg-type]  # that is the point
    with pytest.raises(TypeError) as expected:
        tools.half.original(value, value)  # type: ignore[call-arg, arg-type]  # that is the point
    assert str(raised.value) == str(expected.value)


@unhurried
@given(values, values)
def test_any_expectation_leaves_the_result_alone(value: object, expected: object) -> None:
    assert tools.identity.expecting(expected)(value) is value


def test_a_property_check_that_exits_does_not_end_the_agent() -> None:
    assert tools.exiting(1) == 1


def test_a_recursion_ends_where_it_would_anyway() -> None:
    with pytest.raises(RecursionError):
        tools.endless(1)
