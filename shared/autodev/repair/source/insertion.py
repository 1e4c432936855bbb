"""Statements put before others: guards in the order they rely on each other, at the right indentation."""

from collections.abc import Sequence

import libcst as cst

from autodev.repair.source.changes import Guard, Lines, Replacement, Stage
from autodev.repair.source.function import FunctionSource, Span
from autodev.repair.source.site import Site

_MAX_CONDITION = 88


def inserted(site: Site, changes: Sequence[Lines | Guard]) -> Replacement:
    """All that is to stand before the site, as one insertion."""
    return _placed(site, _lines_before(site.function, changes))


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


def _placed(site: Site, lines: Sequence[str]) -> Replacement:
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
