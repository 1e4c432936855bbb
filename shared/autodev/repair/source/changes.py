"""Changes to a function's text, and how several of them become one new source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import libcst as cst

from autodev.repair.source.function import FunctionSource, Span
from autodev.repair.source.site import Site

_MAX_CONDITION = 88


class Stage(IntEnum):
    """What a check relies on: a value has to exist before it is converted, and be converted before it is used."""

    EXISTENCE = 0
    VALUE = 1
    RESULT = 2


@dataclass(frozen=True, slots=True)
class Replacement:
    """Put `text` where the span stands; an empty span inserts."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Statements put directly before a site, on lines of their own and at its indentation."""

    site: Site
    lines: tuple[str, ...]
    stage: Stage = Stage.VALUE


@dataclass(frozen=True, slots=True)
class Guard:
    """`if condition: outcome` put directly before a site."""

    site: Site
    conditions: tuple[str, ...]
    outcome: str
    stage: Stage = Stage.VALUE


Change = Replacement | Lines | Guard


def conflict(first: Sequence[Change], second: Sequence[Change]) -> bool:
    """Whether two lists of changes rewrite the same text."""
    return any(
        one.span == other.span or (one.span.start < other.span.end and other.span.start < one.span.end)
        for one in first
        for other in second
        if isinstance(one, Replacement) and isinstance(other, Replacement) and one != other
    )


def rewritten(function: FunctionSource, changes: Iterable[Change]) -> tuple[str, tuple[Replacement, ...]]:
    """The new source, and the plain replacements that make it from the old one."""
    wanted = tuple(dict.fromkeys(changes))
    replacements = [change for change in wanted if isinstance(change, Replacement)]
    insertions = [change for change in wanted if not isinstance(change, Replacement)]
    for site in dict.fromkeys(change.site for change in insertions):
        lines = _lines_before(function, [change for change in insertions if change.site == site])
        replacements.append(_insertion(site, lines))
    replacements.sort(key=lambda change: (change.span.start, change.span.end))
    parts: list[bytes] = []
    position = 0
    for change in replacements:
        parts += [function.encoded[position : change.span.start], change.text.encode()]
        position = change.span.end
    parts.append(function.encoded[position:])
    return b"".join(parts).decode(), tuple(replacements)


def _lines_before(function: FunctionSource, changes: Sequence[Lines | Guard]) -> list[str]:
    lines: list[str] = []
    for change in _merged(sorted(changes, key=_order)):
        if isinstance(change, Lines):
            lines += change.lines
        else:
            lines += [f"if {_joined(change.conditions)}:", function.indent_unit + change.outcome]
    return lines


def _order(change: Lines | Guard) -> tuple[Stage, bool, int]:
    """By stage; within one a short condition first, since `plane["year"]` can only be tested after `plane`."""
    if isinstance(change, Lines):
        return change.stage, True, 0
    return change.stage, False, len(_joined(change.conditions))


def _merged(changes: Sequence[Lines | Guard]) -> list[Lines | Guard]:
    """Neighbouring guards with the same outcome as one `if`, unless the line would get too long to read."""
    merged: list[Lines | Guard] = []
    for change in changes:
        previous = merged[-1] if merged else None
        if isinstance(change, Guard) and isinstance(previous, Guard) and previous.outcome == change.outcome:
            conditions = tuple(dict.fromkeys(previous.conditions + change.conditions))
            if conditions == previous.conditions or len(_joined(conditions)) <= _MAX_CONDITION:
                merged[-1] = Guard(change.site, conditions, change.outcome, change.stage)
                continue
        merged.append(change)
    return merged


def _joined(conditions: Sequence[str]) -> str:
    return " or ".join(conditions)


def _insertion(site: Site, lines: Sequence[str]) -> Replacement:
    function, block = site.function, _outermost(site)
    start = function.span(block).start
    if isinstance(block, cst.SimpleStatementSuite):
        return _unfolded(site, start, lines)
    line = function.encoded.rfind(b"\n", 0, start) + 1
    indentation = function.slice(line, start)
    at = _above_comments(function.encoded, line, indentation.encode())
    return Replacement(Span(at, at), "".join(f"{indentation}{text}\n" for text in lines))


def _unfolded(site: Site, start: int, lines: Sequence[str]) -> Replacement:
    """Lines before the body of `if x: body`, which so gets a line of its own."""
    function = site.function
    header = function.span(function.parent(site.block)).start
    outer = function.slice(function.encoded.rfind(b"\n", 0, header) + 1, header)
    inner = outer + function.indent_unit
    colon = len(function.encoded[:start].rstrip(b" \t"))
    return Replacement(Span(colon, start), "\n" + "".join(f"{inner}{text}\n" for text in lines) + inner)


def _outermost(site: Site) -> cst.CSTNode:
    """The statement itself, or the `if` that an `elif` belongs to: nothing can stand before an `elif`."""
    node: cst.CSTNode = site.block
    while isinstance(node, cst.If):
        parent = site.function.parent(node)
        if not (isinstance(parent, cst.If) and parent.orelse is node):
            break
        node = parent
    return node


def _above_comments(encoded: bytes, line: int, indentation: bytes) -> int:
    """The start of the comment block that stands directly above the line, since it speaks of that line."""
    while line:
        above = encoded.rfind(b"\n", 0, line - 1) + 1
        if not encoded[above:line].startswith(indentation + b"#"):
            break
        line = above
    return line
