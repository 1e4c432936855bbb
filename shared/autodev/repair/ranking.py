"""The order in which edits are worth trying."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from autodev.repair.model import Edit
from autodev.repair.source.changes import Replacement
from autodev.repair.source.function import FunctionSource

_TOKEN = re.compile(r"\w+|[^\w\s]")
_SIZE_WEIGHT = 0.004
_SAMENESS = 0.02


def size_of(function: FunctionSource, replacements: Sequence[Replacement]) -> int:
    """Tokens added plus tokens removed."""
    return sum(
        len(_TOKEN.findall(change.text)) + len(_TOKEN.findall(function.slice(change.span.start, change.span.end)))
        for change in replacements
    )


def ranked(edits: Iterable[Edit]) -> list[Edit]:
    """By faults answered, then risk and size; each further edit of one operator waits a little.

    Without that wait variants of one idea would fill the first places, and a search that can afford a dozen
    candidates would never see a second idea.
    """
    by_merit = sorted(edits, key=lambda edit: (-edit.fixes, _cost(edit), edit.code))
    earlier: Counter[tuple[int, str]] = Counter()
    scored: list[tuple[int, float, int, Edit]] = []
    for position, edit in enumerate(by_merit):
        idea = (edit.fixes, edit.operator)
        scored.append((-edit.fixes, _cost(edit) + _SAMENESS * earlier[idea], position, edit))
        earlier[idea] += 1
    return [edit for *_, edit in sorted(scored, key=lambda entry: entry[:3])]


def _cost(edit: Edit) -> float:
    return edit.risk + _SIZE_WEIGHT * edit.size
