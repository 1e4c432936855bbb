"""Files that a command is given: Python in the encoding that it names, text in UTF-8; with a mark before it or not."""

from __future__ import annotations

import tokenize
from pathlib import Path

from autodev.cli.exits import CommandError, ExitCode


def python_source(file: Path) -> str:
    """As Python itself would read it (PEP 263, PEP 3120). Raises CommandError."""
    try:
        with tokenize.open(file) as opened:
            return opened.read()
    except OSError as error:
        raise _absent(file, error, "give a file of Python") from None
    except (UnicodeDecodeError, SyntaxError) as error:
        step = "save it in UTF-8, or name its encoding in its first line: # -*- coding: latin-1 -*-"
        raise CommandError(ExitCode.USAGE, f"{file} can't be read: {error}", step) from None


def utf8_text(file: Path, what: str) -> str:
    """`what`: what it should be. Raises CommandError."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _absent(file, error, f"give {what}") from None
    except UnicodeDecodeError as error:
        raise CommandError(ExitCode.USAGE, f"{file} can't be read: {error}", "save it in UTF-8") from None


def _absent(file: Path, error: OSError, step: str) -> CommandError:
    return CommandError(ExitCode.USAGE, f"{file} can't be read: {error.strerror or error}", step)
