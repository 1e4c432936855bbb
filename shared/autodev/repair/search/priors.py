"""How likely an edit of an operator is the right one, before it has been tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from autodev.repair.model import Edit

USUAL: Final = 0.2
_HIDES: Final = 0.5
"""Of a rule's merit, what is left of one that answers a failure by hiding it."""

PRIORS: Final[Mapping[str, float]] = {}
BY_ERROR: Final[Mapping[str, Mapping[str, float]]] = {}


def prior_of(operator: str, errors: Mapping[str, float]) -> float:
    """`errors`: how often each exception was what failed (`wrong_value` for a wrong answer), as shares of 1."""
    general = PRIORS.get(operator, USUAL)
    special = sum(share * BY_ERROR.get(error, {}).get(operator, general) for error, share in errors.items())
    return special if errors else general


def rule_prior(edit: Edit) -> float:
    """Of an edit by the rules for runtime errors: those that handle exactly what was observed come first."""
    return max(0.02, (1.0 - edit.risk) * _HIDES)
