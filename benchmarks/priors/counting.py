"""What many explored programs say of operators. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from autodev.repair.search.experience import Experience
from benchmarks.priors.exploring import Explored


def counted(explored: Iterable[Explored]) -> Experience:
    """Each program that was repaired gives one credit: shared by its right answers, and by the edits of each."""
    experience = Experience()
    for each in explored:
        for operator, number in each.offered.items():
            experience.tried(operator, number, each.failures)
        for operators in each.right:
            for operator in operators:
                credit = 1.0 / len(each.right) / len(operators)
                if operator in each.offered:  # rules are judged by what they say of themselves
                    experience.was_right(operator, credit, each.failures)
    return experience
