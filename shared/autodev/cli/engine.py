"""The engine that a command runs guests on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from autodev.cli.exits import CommandError, ExitCode

if TYPE_CHECKING:
    from autodev.sandbox import Engine, IsolationUnavailable


async def proved_engine(name: str | None, warm: int = 0) -> Engine:
    """The engine called `name`, or the strongest, once it has kept all its promises within the last quarter of an hour.

    `warm`: isolations that it keeps started ahead. Raises CommandError.
    """
    from autodev.sandbox.canary import prove_unless_lately
    from autodev.sandbox.engines import ENGINES, first_proved, proved
    from autodev.sandbox.errors import IsolationUnavailable

    if name is not None and name not in ENGINES:
        raise CommandError(ExitCode.USAGE, f"{name!r} is no engine", f"one of: {', '.join(ENGINES)}")
    makes = [partial(ENGINES[each], warm) for each in ([name] if name is not None else ENGINES)]
    try:
        return await first_proved(makes, partial(proved, prove=prove_unless_lately))
    except IsolationUnavailable as error:
        raise nothing_run(error) from None


def nothing_run(error: IsolationUnavailable) -> CommandError:
    return CommandError(ExitCode.FAILED, f"nothing was run: {error.control} failed: {error.reason}", error.remedy)
