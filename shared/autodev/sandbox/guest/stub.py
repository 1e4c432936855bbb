"""What `import autodev` gives a skill inside the sandbox: decorators that change nothing, and calls without effect."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # every import is paid at each start
    from collections.abc import Callable, Iterator
    from typing import Any, Self

    Skills = dict[str, "Declared"]
    """By the function's name."""

_Module = type(sys)


class Declared:
    """A skill as its module declares it."""

    __slots__ = ("ensures", "function")

    def __init__(self, function: Callable[..., Any], ensures: Callable[..., Any] | None) -> None:
        self.function = function
        self.ensures = ensures


class _Inert:
    """Stands for anything else of the SDK: can be called, awaited, entered; as a decorator it returns the function."""

    def __getattr__(self, name: str) -> _Inert:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return args[0] if len(args) == 1 and not kwargs and callable(args[0]) else self

    def __await__(self) -> Iterator[Any]:
        return iter(())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        """Nothing was opened."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *raised: object) -> None:
        """Nothing was opened."""


def install_stub() -> Skills:
    """Put the stub in place of the package; the returned mapping fills as the module declares its skills."""
    skills: Skills = {}
    inert = _Inert()

    def skill(function: Any = None, /, *, ensures: Callable[..., Any] | None = None, **_: Any) -> Any:
        if function is None:
            return lambda decorated: skill(decorated, ensures=ensures)
        skills[function.__name__] = Declared(function, ensures)
        function.original, function.version, function.expecting = function, None, lambda _: function
        return function

    def other(name: str) -> _Inert:
        if name.startswith("__"):
            raise AttributeError(name)
        return inert

    package = _Module("autodev")
    package.__dict__.update(skill=skill, __getattr__=other)
    sys.modules["autodev"] = package
    return skills
