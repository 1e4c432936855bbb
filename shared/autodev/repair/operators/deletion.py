"""Statements left out, and bodies kept without what stands around them."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.blocks import Statement, reindented
from autodev.repair.operators.editing import left_out, respelled
from autodev.repair.operators.subject import Subject
from autodev.repair.source.function import Span

_HEADED = cst.If | cst.For | cst.While | cst.With | cst.Try


def deleted_statement(subject: Subject) -> Iterator[Mutation]:
    for block in subject.blocks:
        for statement in block.statements:
            if len(block.statements) > 1:
                yield left_out("deleted_statement", subject.function, statement)
            elif not isinstance(statement.small, cst.Pass):
                span = Span(statement.span.start + len(statement.indentation.encode()), statement.span.end)
                yield respelled("deleted_statement", subject.function, span, "pass")


def deleted_branch(subject: Subject) -> Iterator[Mutation]:
    """An `elif` with its body left out, and an `else` with its body."""
    function = subject.function
    for node in subject.nodes:
        if isinstance(node, cst.If | cst.For | cst.While) and node.orelse is not None:
            branch = node.orelse
            end = function.span(branch).end
            if isinstance(branch, cst.If) and branch.orelse is not None:
                end = function.span(branch.body).end
            body_end = function.span(node.body).end
            yield respelled("deleted_branch", function, Span(body_end, end), "")


def unwrapped_block(subject: Subject) -> Iterator[Mutation]:
    """The body of an `if` or a loop without its header; of an `if` with `else`, either body."""
    for statement in subject.statements:
        node = statement.node
        if isinstance(node, _HEADED):
            bodies: list[cst.BaseSuite] = [node.body]
            branch = None if isinstance(node, cst.With) else node.orelse
            while isinstance(branch, cst.If):
                bodies.append(branch.body)
                branch = branch.orelse
            if isinstance(branch, cst.Else):
                bodies.append(branch.body)
            for body in bodies:
                text = _lifted(subject, statement, body)
                if text is not None:
                    yield respelled("unwrapped_block", subject.function, statement.span, text)


def unwrapped_else(subject: Subject) -> Iterator[Mutation]:
    """What an `else` holds done in every case, after the `if` or the loop."""
    function = subject.function
    for statement in subject.statements:
        node, last = statement.node, statement.node
        while isinstance(node, cst.If | cst.For | cst.While) and node.orelse is not None:
            last, node = node, node.orelse
        if isinstance(node, cst.Else) and isinstance(last, cst.If | cst.For | cst.While):
            text = _lifted(subject, statement, node.body)
            if text is not None:
                start = function.span(last.body).end
                yield respelled("unwrapped_else", function, Span(start, statement.span.end), f"\n{text}")


def _lifted(subject: Subject, statement: Statement, body: cst.BaseSuite) -> str | None:
    """The body's lines at the indentation of the statement that holds it."""
    function = subject.function
    span = function.span(body)
    if isinstance(body, cst.SimpleStatementSuite):
        return statement.indentation + function.slice(span.start, span.end)
    start = function.encoded.rfind(b"\n", 0, span.start) + 1
    indentation = function.slice(start, span.start)
    return reindented(function.slice(start, span.end), indentation, statement.indentation)
