"""What goes wrong, by kind: what priors go by, and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from autodev.repair.search.case import Case
from autodev.repair.search.outcome import Kind, Outcome

WRONG_VALUE: Final = "wrong_value"
TIMEOUT: Final = "Timeout"


def kind_of(outcome: Outcome) -> str:
    """Of a wrong outcome: the exception's class, `wrong_value` or `Timeout`."""
    match outcome.kind:
        case Kind.RETURNED:
            return WRONG_VALUE
        case Kind.STOPPED:
            return TIMEOUT
        case Kind.RAISED:
            return outcome.error.rpartition(".")[2]


def shares(cases: Sequence[Case], outcomes: Iterable[Outcome]) -> Mapping[str, float]:
    """Of each kind among the wrong outcomes; empty if all are right."""
    wrong = [kind_of(outcome) for case, outcome in zip(cases, outcomes, strict=True) if not case.is_right(outcome)]
    return {kind: number / len(wrong) for kind, number in Counter(wrong).items()}
