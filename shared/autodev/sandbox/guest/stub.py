"""What `import autodev` gives a skill inside the sandbox: decorators that change nothing, and calls without effect."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, Self

Checks = dict[str, Callable[..., Any]]
"""Property checks by the name of the function they were declared for."""


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


def install_stub() -> Checks:
    """Put the stub in place of the package; the returned mapping fills as the module declares its skills."""
    checks: Checks = {}
    inert = _Inert()

    def skill(function: Any = None, /, *, ensures: Callable[..., Any] | None = None, **_: Any) -> Any:
        if function is None:
            return lambda decorated: skill(decorated, ensures=ensures)
        if ensures is not None:
            checks[function.__name__] = ensures
        return function

    def other(name: str) -> _Inert:
        if name.startswith("__"):
            raise AttributeError(name)
        return inert

    package = ModuleType("autodev")
    package.__dict__.update(skill=skill, __getattr__=other)
    sys.modules["autodev"] = package
    return checks
