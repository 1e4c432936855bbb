"""Several changes made into one new source."""

from collections.abc import Iterable

from autodev.repair.source.changes import Change, Filter, Replacement
from autodev.repair.source.filtering import filtered
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.insertion import inserted


def rewritten(function: FunctionSource, changes: Iterable[Change]) -> tuple[str, tuple[Replacement, ...]]:
    """The new source, and the plain replacements that make it from the old one."""
    wanted = tuple(changes)
    plain = [change for change in wanted if isinstance(change, Replacement)]
    replacements = plain if len(plain) == len(wanted) == 1 else _merged(function, dict.fromkeys(wanted))
    parts: list[bytes] = []
    position = 0
    for change in replacements:
        parts += [function.encoded[position : change.span.start], change.text.encode()]
        position = change.span.end
    parts.append(function.encoded[position:])
    return b"".join(parts).decode(), tuple(replacements)


def _merged(function: FunctionSource, wanted: Iterable[Change]) -> list[Replacement]:
    """In the order of their places."""
    changes = list(wanted)
    replacements = [change for change in changes if isinstance(change, Replacement)]
    filters = [change for change in changes if isinstance(change, Filter)]
    for clause in dict.fromkeys(change.clause for change in filters):
        replacements += filtered(function, clause, [change for change in filters if change.clause is clause])
    insertions = [change for change in changes if not isinstance(change, Replacement | Filter)]
    for site in dict.fromkeys(change.site for change in insertions):
        replacements.append(inserted(site, [change for change in insertions if change.site == site]))
    return sorted(replacements, key=lambda change: (change.span.start, change.span.end))
