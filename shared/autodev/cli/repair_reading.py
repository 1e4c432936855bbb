"""What `autodev repair` is given: a module with its function, and a file of cases."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from autodev.cli.exits import CommandError, ExitCode
from autodev.cli.given_file import python_source, utf8_text

if TYPE_CHECKING:
    from autodev.repair.search.case import Case
    from autodev.repair.search.module import ModuleText
    from autodev.repair.search.priors import Priors

_SHOWN: Final = 20
"""Functions that are named to one who named none of them."""


def given_module(file: Path, entrypoint: str) -> ModuleText:
    """Raises CommandError."""
    from autodev.repair.model import UnparsableSourceError, UnsupportedTargetError
    from autodev.repair.search.module import ModuleText

    source = python_source(file)
    try:
        return ModuleText.of(source, entrypoint)
    except UnparsableSourceError as error:
        raise CommandError(
            ExitCode.NOT_FOUND, f"{file} is not repairable: {error}", "correct the syntax first"
        ) from None
    except UnsupportedTargetError as error:
        names = list(ModuleText(source.replace("\r", "\n")).definitions)
        shown = f"{', '.join(names[:_SHOWN])}{', …' if len(names) > _SHOWN else ''}"
        step = f"--entrypoint is one of: {shown}" if names else "write it as a function at the file's top level"
        raise CommandError(ExitCode.USAGE, f"{file} is not repairable: {error}", step) from None


def given_cases(file: Path, entrypoint: str) -> list[Case]:
    """Raises CommandError."""
    from autodev.repair.search.reading import CaseError, read_cases

    try:
        return read_cases(utf8_text(file, "a file of cases, one a line"), entrypoint, str(file))
    except CaseError as error:
        what, _, step = str(error).partition("; ")
        raise CommandError(ExitCode.USAGE, what, step) from None


def given_priors(file: Path | None) -> tuple[Priors | None, str]:
    """With what names them in results. Raises CommandError."""
    from autodev.repair.search.priors import learnt

    if file is None:
        return None, "shipped"
    text = utf8_text(file, "a file of `make learn-priors`")
    try:
        return learnt(text), hashlib.sha256(text.encode()).hexdigest()[:16]
    except ValueError as error:
        raise CommandError(ExitCode.USAGE, f"{file}: {error}", "make it with `make learn-priors`") from None
