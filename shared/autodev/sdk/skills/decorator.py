"""`@autodev.skill`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast, overload

from autodev.sdk.log import log
from autodev.sdk.names import RULE, is_name
from autodev.sdk.runtime import RUNTIME
from autodev.sdk.skills.definition import SkillDefinition
from autodev.sdk.skills.registry import REGISTRY, NameTakenError
from autodev.sdk.skills.wrapping import Skill, pass_through, wrap

if TYPE_CHECKING:
    from autodev.ids import SkillName

P = ParamSpec("P")
R = TypeVar("R")


class NotASkillError(Exception):
    """What was decorated can't be recorded; the message says why."""


@overload
def skill(function: Callable[P, R], /) -> Skill[P, R]: ...
@overload
def skill(
    *, name: str | None = None, ensures: Callable[..., object] | None = None
) -> Callable[[Callable[P, R]], Skill[P, R]]: ...
def skill(
    function: Callable[..., Any] | None = None,
    /,
    *,
    name: str | None = None,
    ensures: Callable[..., object] | None = None,
) -> Any:
    """Make a function a skill: its calls are recorded, and its promoted versions run in its place.

    The decorated function behaves as before: same arguments, results and exceptions. Failures are reported with
    their arguments; successes are sampled, and all of them counted.

    Args:
        function: a sync or async function at the top level of its module. What can't be recorded (methods,
            generators, classes…) is passed through, with a warning.
        name: the skill's name within the tenant; by default the function's.
        ensures: ``ensures(result, *args, **kwargs) -> bool``, called after every call. A falsy answer or an
            AssertionError makes that call a reported failure; the result is returned all the same.
    """

    def decorate(function: Callable[..., Any]) -> Skill[..., Any]:
        try:
            return _defined(function, name, ensures)
        except (NotASkillError, NameTakenError) as reason:
            log.warning("%s is not recorded as a skill: %s", getattr(function, "__qualname__", function), reason)
            return pass_through(function)

    return decorate if function is None else decorate(function)


def _defined(function: Callable[..., Any], name: str | None, ensures: Callable[..., object] | None) -> Skill[..., Any]:
    if not isinstance(function, FunctionType):
        raise NotASkillError("only a function defined by def can be one")
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise NotASkillError("a generator has no result when it is called")
    if _is_method(function):
        raise NotASkillError("a method can't be run without its object; move its body to a function")
    if not is_name(name or function.__name__):
        raise NotASkillError(f"its name {name or function.__name__!r} must be {RULE}")
    if ensures is not None and inspect.iscoroutinefunction(ensures):
        raise NotASkillError("ensures= must be a plain function, not an async one")
    definition = SkillDefinition(cast("SkillName", name or function.__name__), function, ensures)
    REGISTRY.add(definition)
    wrapped = wrap(function, definition, RUNTIME.observe)
    if RUNTIME.client is not None:
        RUNTIME.client.defined(definition)
    return wrapped


def _is_method(function: FunctionType) -> bool:
    scope = function.__qualname__.rpartition(".")[0]
    return bool(scope) and not scope.endswith("<locals>")
