"""Whether a registered module is a program at all. It is compiled, and never run."""

from __future__ import annotations

import warnings

from autodev.events.invalid import InvalidRecordError
from autodev.events.models.agent import SkillRegistered


def check_source(registered: SkillRegistered) -> None:
    """Refuse a source that no repair could start from.

    Raises:
        InvalidRecordError: naming the line, not its text.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they are the author's
            compile(registered.source, "<skill>", "exec", dont_inherit=True)
    except SyntaxError as error:
        raise InvalidRecordError("source", f"does not compile: line {error.lineno or 0}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise InvalidRecordError("source", f"does not compile: {type(error).__name__}") from None
