"""Statements moved: to their neighbour's place, one level out, one level in, out of a loop or into it."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.blocks import Block, Statement, reindented
from autodev.repair.operators.editing import line_of, respelled, shown
from autodev.repair.operators.subject import Subject
from autodev.repair.source.changes import Replacement
from autodev.repair.source.function import FunctionSource, Span


def swapped_statements(subject: Subject) -> Iterator[Mutation]:
    function = subject.function
    for block in subject.blocks:
        for first, second in zip(block.statements, block.statements[1:], strict=False):
            between = function.slice(first.span.end, second.span.start)
            text = f"{_text(function, second)}{between}{_text(function, first)}"
            span = Span(first.span.start, second.span.end)
            yield respelled("swapped_statements", function, span, text)


def dedented(subject: Subject) -> Iterator[Mutation]:
    """The last statements of a block follow the statement that holds the block instead."""
    for outer in subject.blocks:
        for holder in outer.statements:
            for block in subject.blocks:
                if len(block.statements) > 1 and _is_last_block(holder, block):
                    for index in range(1, len(block.statements)):
                        yield from _dedented(subject, holder, block.statements[index:])


def indented(subject: Subject) -> Iterator[Mutation]:
    """The first statements after a block become its last."""
    function = subject.function
    for outer in subject.blocks:
        for holder, following in zip(outer.statements, outer.statements[1:], strict=False):
            for block in subject.blocks:
                if not _is_last_block(holder, block):
                    continue
                for count in (1, len(outer.statements) - following.index):
                    moved = outer.statements[following.index : following.index + count]
                    span = Span(moved[0].span.start, moved[-1].span.end)
                    text = reindented(function.slice(span.start, span.end), outer.indentation, block.indentation)
                    if text is not None:
                        yield _shifted("indented", function, moved, text)


def moved_out(subject: Subject) -> Iterator[Mutation]:
    """A statement of a block put before the statement that holds the block: what is to be done once."""
    for outer in subject.blocks:
        for holder in outer.statements:
            for block in subject.blocks:
                if subject.function.parent(block.owner) is holder.node or block.owner is holder.node:
                    for statement in block.statements:
                        if statement.small is not None and len(block.statements) > 1:
                            yield _relocated("moved_out", subject, statement, holder.span.start, outer.indentation)


def moved_in(subject: Subject) -> Iterator[Mutation]:
    """A statement before a loop put at the start of its body: what is to be done every round."""
    for outer in subject.blocks:
        for holder in outer.statements:
            for block in subject.blocks:
                if block.owner is holder.node and isinstance(holder.node, cst.For | cst.While):
                    for statement in outer.statements[: holder.index]:
                        if statement.small is not None:
                            at = block.statements[0].span.start
                            yield _relocated("moved_in", subject, statement, at, block.indentation)


def moved_first(subject: Subject) -> Iterator[Mutation]:
    """A statement put at the start of its block or at its end."""
    for block in subject.blocks:
        for statement in block.statements:
            if statement.small is None or len(block.statements) < 3:
                continue
            if statement.index > 1:
                at = block.statements[0].span.start
                yield _relocated("moved_statement", subject, statement, at, block.indentation)
            if statement.index < len(block.statements) - 2:
                at = block.statements[-1].span.end + 1
                yield _relocated("moved_statement", subject, statement, at, block.indentation)


def _dedented(subject: Subject, holder: Statement, moved: tuple[Statement, ...]) -> Iterator[Mutation]:
    function = subject.function
    span = Span(moved[0].span.start, moved[-1].span.end)
    text = reindented(function.slice(span.start, span.end), moved[0].indentation, holder.indentation)
    if text is not None and span.end == holder.span.end:
        yield _shifted("dedented", function, moved, text)


def _is_last_block(holder: Statement, block: Block) -> bool:
    """Whether the block is inside of the holder and ends where it ends."""
    statements = block.statements
    return (
        bool(statements) and statements[0].span.start > holder.span.start and statements[-1].span.end == holder.span.end
    )


def _shifted(name: str, function: FunctionSource, moved: tuple[Statement, ...], text: str) -> Mutation:
    span = Span(moved[0].span.start, moved[-1].span.end)
    operator = f"{name}_return" if isinstance(moved[0].small, cst.Return) else name
    way = "into the block above" if name == "indented" else "out of its block"
    description = f"Move {shown(text)} {way}."
    return Mutation(operator, description, (Replacement(span, text),), line_of(function, span.start))


def _relocated(operator: str, subject: Subject, statement: Statement, at: int, indentation: str) -> Mutation:
    function, span = subject.function, statement.span
    line = _text(function, statement).strip()
    replacements = (
        Replacement(Span(at, at), f"{indentation}{line}\n"),
        Replacement(Span(span.start, min(span.end + 1, len(function.encoded))), ""),
    )
    first = line_of(function, min(at, span.start))
    return Mutation(operator, f"Move {shown(line)} to line {line_of(function, at)}.", replacements, first)


def _text(function: FunctionSource, statement: Statement) -> str:
    return function.slice(statement.span.start, statement.span.end)
