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
_READABLE_WIDTH = 110
_LONG_LINE = 0.05


def size_of(function: FunctionSource, replacements: Sequence[Replacement]) -> int:
    """Tokens added plus tokens removed."""
    return sum(_changed_tokens(function, change) for change in replacements)


def _changed_tokens(function: FunctionSource, change: Replacement) -> int:
    old = _TOKEN.findall(function.slice(change.span.start, change.span.end))
    new = _TOKEN.findall(change.text)
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return len(old) + len(new)


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
    longest = max(map(len, edit.code.splitlines()))
    return edit.risk + _SIZE_WEIGHT * edit.size + (_LONG_LINE if longest > _READABLE_WIDTH else 0.0)
