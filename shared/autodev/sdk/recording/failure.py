"""What an exception says about a failure, taken while it passes by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType

_MAX_MESSAGE = 4_000
_MAX_TYPE = 200
_KEPT_AT_EACH_END = 25


@dataclass(frozen=True, slots=True)
class Place:
    """One line of one file, whose text is looked up later, off the agent's thread."""

    filename: str
    function: str
    line: int


@dataclass(frozen=True, slots=True)
class Failure:
    type: str
    """The exception's class name, with its module unless it is a builtin or the skill's own."""
    message: str
    places: tuple[Place, ...]
    """Outermost first; of a deep recursion the first and the last 25."""


def describe(error: Exception, *, files: frozenset[str], module: str) -> Failure:
    """What `error` says, and the lines of `files` that it passed through. `module` is the name of the skill's own."""
    return Failure(_type_name(type(error), module)[:_MAX_TYPE], _message(error), _both_ends(_places(error, files)))


def _type_name(kind: type, module: str) -> str:
    # The module is `__main__` in one process and has a name in the next, and another one where a repair is tried.
    own = kind.__module__ in ("builtins", module)
    return kind.__qualname__ if own else f"{kind.__module__}.{kind.__qualname__}"


def _message(error: Exception) -> str:
    try:
        text = str(error)
    except Exception as unprintable:  # noqa: BLE001 - the exception's own code, which may raise anything
        text = f"<str raised {type(unprintable).__name__}>"
    return text[:_MAX_MESSAGE].encode("utf-8", "backslashreplace").decode()[:_MAX_MESSAGE]


def _places(error: Exception, files: frozenset[str]) -> Iterable[Place]:
    step: TracebackType | None = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        if code.co_filename in files:
            yield Place(code.co_filename, code.co_name, step.tb_lineno)
        step = step.tb_next


def _both_ends(places: Iterable[Place]) -> tuple[Place, ...]:
    kept = tuple(places)
    if len(kept) <= 2 * _KEPT_AT_EACH_END:
        return kept
    return kept[:_KEPT_AT_EACH_END] + kept[-_KEPT_AT_EACH_END:]
