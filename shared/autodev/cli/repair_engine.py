"""The engine that repairs run on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from autodev.cli.exits import CommandError, ExitCode

if TYPE_CHECKING:
    from autodev.sandbox import Engine

_WARM = 2
"""As many as a search uses together."""

# The strongest engine is `sandbox run`'s default. A search makes hundreds of isolations of a user's own function, and
# namespaces take milliseconds each where gVisor takes a fifth of a second.
EngineName = Annotated[str, typer.Option(help="Where it runs: one of those that `sandbox check` shows.")]


async def proved_engine(name: str) -> Engine:
    """The engine, once it has kept all its promises here within the last quarter of an hour. Raises CommandError."""
    from autodev.sandbox.canary import prove_unless_lately
    from autodev.sandbox.engines import ENGINES, proved
    from autodev.sandbox.errors import IsolationUnavailable

    if name not in ENGINES:
        raise CommandError(ExitCode.USAGE, f"{name!r} is no engine", f"one of: {', '.join(ENGINES)}")
    try:
        return await proved(partial(ENGINES[name], _WARM), prove_unless_lately)
    except IsolationUnavailable as error:
        raise CommandError(
            ExitCode.FAILED, f"nothing was run: {error.control} failed: {error.reason}", error.remedy
        ) from None
