"""`if`, `elif`, `else` and `while` in each other's place."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.blocks import Statement
from autodev.repair.operators.editing import line_of, respelled
from autodev.repair.operators.subject import Subject
from autodev.repair.source.changes import Replacement
from autodev.repair.source.function import Span


def keyword(subject: Subject) -> Iterator[Mutation]:
    """`while` → `if`, `if` → `while`, `elif` → `if`."""
    function = subject.function
    for node in subject.nodes:
        if isinstance(node, cst.While):
            start = function.span(node).start
            yield respelled("while_to_if", function, Span(start, start + len("while")), "if")
        elif isinstance(node, cst.If):
            start = function.span(node).start
            if function.encoded.startswith(b"elif", start):
                yield respelled("elif_to_if", function, Span(start, start + len("elif")), "if")
            else:
                yield respelled("if_to_while", function, Span(start, start + len("if")), "while")


def joined_branches(subject: Subject) -> Iterator[Mutation]:
    """An `if` directly after another becomes its `elif`; an `else` takes what follows an `if`."""
    function = subject.function
    for block in subject.blocks:
        for first, second in zip(block.statements, block.statements[1:], strict=False):
            if isinstance(first.node, cst.If) and isinstance(second.node, cst.If) and not _has_else(first):
                start = function.span(second.node).start
                yield respelled("if_to_elif", function, Span(start, start + len("if")), "elif")
            if isinstance(first.node, cst.If) and not _has_else(first) and second.small is not None:
                inner = second.indentation + function.indent_unit
                text = f"{second.indentation}else:\n{inner}{function.text(second.node)}"
                yield respelled("missing_else", function, second.span, text)


def else_of_loop(subject: Subject) -> Iterator[Mutation]:
    """An `else` of an `if` that ends a loop's body becomes the loop's, and the other way."""
    function = subject.function
    unit = function.indent_unit
    for node in subject.nodes:
        if not isinstance(node, cst.Else):
            continue
        span = function.span(node)
        line = function.encoded.rfind(b"\n", 0, span.start) + 1
        margin = function.slice(line, span.start)
        text = function.slice(line, span.end)
        if '"""' in text or "'''" in text or not margin.isspace():
            continue
        for moved in (margin.removesuffix(unit), margin + unit):
            if moved != margin:
                lines = [moved + each.removeprefix(margin) if each.strip() else each for each in text.split("\n")]
                replacement = Replacement(Span(line, span.end), "\n".join(lines))
                yield Mutation(
                    "moved_else", "The else belongs to another block.", (replacement,), line_of(function, line)
                )


def else_to_condition(subject: Subject) -> Iterator[Mutation]:
    """`else` becomes an `elif` with the opposite order, so that equal values fall through."""
    function = subject.function
    opposite = {cst.LessThan: ">", cst.GreaterThan: "<", cst.LessThanEqual: ">=", cst.GreaterThanEqual: "<="}
    for node in subject.nodes:
        match node:
            case cst.If(test=cst.Comparison(left=left, comparisons=[target]), orelse=cst.Else() as branch):
                symbol = opposite.get(type(target.operator))
                if symbol is not None:
                    start = function.span(branch).start
                    test = f"{function.text(left)} {symbol} {function.text(target.comparator)}"
                    yield respelled("else_to_elif", function, Span(start, start + len("else")), f"elif {test}")


def elif_to_else(subject: Subject) -> Iterator[Mutation]:
    """The last `elif` becomes the `else`, whose condition always holds."""
    function = subject.function
    for node in subject.nodes:
        if isinstance(node, cst.If) and isinstance(branch := node.orelse, cst.If) and branch.orelse is None:
            span = Span(function.span(branch).start, function.whole_span(branch.test).end)
            yield respelled("elif_to_else", function, span, "else")


def _has_else(statement: Statement) -> bool:
    node: cst.CSTNode | None = statement.node
    while isinstance(node, cst.If):
        node = node.orelse
    return node is not None
