"""What the gate says of a program."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    TOO_LARGE = "too_large"
    """It was not parsed."""
    TOO_COMPLEX = "too_complex"
    """The parser gave up; another, with more room, might not."""
    DOES_NOT_PARSE = "does_not_parse"
    NOT_ONE_FUNCTION = "not_one_function"
    """A replacement that is anything else than one function without decorators."""
    NO_ENTRYPOINT = "no_entrypoint"
    FORBIDDEN_IMPORT = "forbidden_import"


@dataclass(frozen=True, slots=True)
class Finding:
    reason: Reason
    message: str
    """Holds parts of the program: escape it before it reaches a terminal or a page."""
    raises: str = ""
    """Type of the exception that every call would raise, with this message; empty where only a run can tell."""

    @property
    def is_certain(self) -> bool:
        """Whether an isolation would say the same."""
        return bool(self.raises)
