"""The function's statements by block, each as whole lines that can be moved, repeated or left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from autodev.repair.operators.reading import is_docstring
from autodev.repair.source.function import FunctionSource, Span


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement; `span` runs from the start of its first line to the end of its last, without the newline."""

    node: cst.CSTNode
    span: Span
    indentation: str
    index: int
    """Among the statements of its block."""

    @property
    def small(self) -> cst.BaseSmallStatement | None:
        """What it does when it is one simple statement on its line: `x = 1`, not `x = 1; y = 2`."""
        match self.node:
            case cst.SimpleStatementLine(body=[single]):
                return single
        return None


@dataclass(frozen=True, eq=False)
class Block:
    """Statements at one indentation; `owner` is what holds them: a `def`, `if`, `else`, `for`…"""

    owner: cst.CSTNode
    indentation: str
    statements: tuple[Statement, ...]


def blocks(function: FunctionSource) -> Iterator[Block]:
    """Every indented block, outer before inner; statements on their header's line are in none."""
    for node in function.nodes:
        if not isinstance(node, cst.IndentedBlock) or not node.body:
            continue
        body = [statement for statement in node.body if not is_docstring(statement)]
        first = function.span(node.body[0]).start
        indentation = function.slice(function.encoded.rfind(b"\n", 0, first) + 1, first)
        statements = tuple(
            Statement(statement, whole_lines(function, function.span(statement)), indentation, index)
            for index, statement in enumerate(body)
        )
        yield Block(function.parent(node), indentation, statements)


def whole_lines(function: FunctionSource, span: Span) -> Span:
    """The span grown to whole lines, without the last newline."""
    end = function.encoded.find(b"\n", span.end)
    return Span(
        function.encoded.rfind(b"\n", 0, span.start) + 1,
        len(function.encoded) if end < 0 else end,
    )


def reindented(text: str, old: str, new: str) -> str | None:
    """Lines moved from one indentation to another; None where a line's own indentation has a meaning or is odd."""
    if '"""' in text or "'''" in text or "\\\n" in text:
        return None
    moved: list[str] = []
    for line in text.split("\n"):
        if line.strip() and not line.startswith(old):
            return None
        moved.append(new + line.removeprefix(old) if line.strip() else line)
    return "\n".join(moved)
