"""What stands in place of a decorated function: a real function, so that frameworks see one."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ParamSpec, Protocol, TypeVar, cast

from autodev.sdk.recording.observing import Observation
from autodev.sdk.recording.report import Expected
from autodev.sdk.skills.definition import SkillDefinition, Version

P = ParamSpec("P")
R = TypeVar("R")

Observe = Callable[[SkillDefinition, tuple[Any, ...], dict[str, Any], Expected | None], Observation | None]
"""Begins to watch a call; None if nothing is recorded."""


class Skill(Protocol[P, R]):
    """A decorated function: called like the function itself."""

    __name__: str
    original: Callable[P, R]
    """The function as it was written, unrecorded."""
    version: str | None
    """Number of the promoted version that a call would run now; None is the original."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R: ...

    def expecting(self, value: object, /) -> Callable[P, R]:
        """The skill, to be called once with the knowledge that `value` is the right answer.

        A different answer is reported as a failure, and is returned all the same.
        """


def wrap(function: Callable[P, R], skill: SkillDefinition, observe: Observe) -> Skill[P, R]:
    """`function` recorded as `skill`, through `observe`."""
    build = _async_caller if inspect.iscoroutinefunction(function) else _sync_caller

    def expecting(value: object, /) -> Callable[..., Any]:
        return functools.wraps(function)(build(skill, observe, Expected(value)))

    wrapped = functools.wraps(function)(build(skill, observe, None))
    _dress(wrapped, function, expecting)

    def show(version: Version) -> None:
        wrapped.version = version.number  # type: ignore[attr-defined]  # functions take attributes

    skill.on_switch = show
    return cast("Skill[P, R]", wrapped)


def pass_through(function: Callable[P, R]) -> Skill[P, R]:
    """`function` itself, with the attributes of a skill if it can have any."""
    with suppress(AttributeError, TypeError):
        _dress(function, function, lambda _value: function)
    return cast("Skill[P, R]", function)


def _dress(wrapped: Any, original: object, expecting: object) -> None:
    wrapped.original, wrapped.expecting, wrapped.version = original, expecting, None


def _sync_caller(skill: SkillDefinition, observe: Observe, expected: Expected | None) -> Callable[..., Any]:
    original = skill.function

    def call(*args: Any, **kwargs: Any) -> Any:
        observation = observe(skill, args, kwargs, expected)
        if observation is None:
            return original(*args, **kwargs)
        try:
            result = observation.function(*args, **kwargs)
        except Exception as error:
            observation.raised(error)
            raise
        observation.returned(result, args, kwargs)
        return result

    return call


def _async_caller(skill: SkillDefinition, observe: Observe, expected: Expected | None) -> Callable[..., Any]:
    original = skill.function

    async def call(*args: Any, **kwargs: Any) -> Any:
        observation = observe(skill, args, kwargs, expected)
        if observation is None:
            return await original(*args, **kwargs)
        try:
            result = await observation.function(*args, **kwargs)
        except Exception as error:
            observation.raised(error)
            raise
        observation.returned(result, args, kwargs)
        return result

    return call
