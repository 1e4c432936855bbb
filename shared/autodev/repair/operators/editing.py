"""From a place and its new text to a mutation."""

from collections.abc import Sequence

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.blocks import Statement
from autodev.repair.operators.precedence import Binding, demanded
from autodev.repair.source.changes import Replacement
from autodev.repair.source.function import FunctionSource, Span

_LONGEST_SHOWN = 60


def line_of(function: FunctionSource, offset: int) -> int:
    """The line of the function's text that the byte offset is on; 1 is the first."""
    return function.encoded.count(b"\n", 0, offset) + 1


def shown(text: str) -> str:
    """Code as descriptions quote it: on one line, cut if it is long."""
    joined = " ".join(text.split())
    return joined if len(joined) <= _LONGEST_SHOWN else joined[: _LONGEST_SHOWN - 1] + "…"


def respelled(operator: str, function: FunctionSource, span: Span, text: str) -> Mutation:
    """Other text in a span, as it is; an empty text leaves it out."""
    old = function.slice(span.start, span.end)
    first = span.start + len(old) - len(old.lstrip())
    description = f"{shown(old)} becomes {shown(text)}." if text.strip() else f"Leave out {shown(old)}."
    return Mutation(operator, description, (Replacement(span, text),), line_of(function, first))


def replaced(
    operator: str, function: FunctionSource, node: cst.BaseExpression, text: str, binding: Binding = Binding.ATOM
) -> Mutation:
    """Another expression in a node's place, in parentheses if it binds less tightly than the place demands."""
    span = function.whole_span(node)
    if binding < demanded(function, node):
        text = f"({text})"
    return respelled(operator, function, span, _set_apart(function, span, text))


def _set_apart(function: FunctionSource, span: Span, text: str) -> str:
    """The text with a blank where it would run into a word: `return(x)` must not become `returnx`."""
    before, after = function.encoded[span.start - 1 : span.start], function.encoded[span.end : span.end + 1]
    lead = " " if _is_word(before) and _is_word(text[:1].encode()) else ""
    trail = " " if _is_word(after) and _is_word(text[-1:].encode()) else ""
    return f"{lead}{text}{trail}"


def _is_word(character: bytes) -> bool:
    return character.isalnum() or character == b"_" or character > b"\x7f"


def put_before(operator: str, function: FunctionSource, statement: Statement, lines: Sequence[str]) -> Mutation:
    """New lines directly before a statement, at its indentation."""
    at = statement.span.start
    text = "".join(f"{statement.indentation}{line}\n" for line in lines)
    return _inserted(operator, function, at, text, lines, at)


def put_after(operator: str, function: FunctionSource, statement: Statement, lines: Sequence[str]) -> Mutation:
    """New lines directly after a statement, at its indentation."""
    at = statement.span.end
    text = "".join(f"\n{statement.indentation}{line}" for line in lines)
    return _inserted(operator, function, at, text, lines, statement.span.start)


def _inserted(
    operator: str, function: FunctionSource, at: int, text: str, lines: Sequence[str], neighbour: int
) -> Mutation:
    """`neighbour`: where the statement beside it begins, which runs as often as the new lines would."""
    replacement = Replacement(Span(at, at), text)
    return Mutation(operator, f"Insert {shown(' '.join(lines))}.", (replacement,), line_of(function, neighbour))


def left_out(operator: str, function: FunctionSource, statement: Statement) -> Mutation:
    """The statement's lines taken out; its block must keep another."""
    span = statement.span
    end = min(span.end + 1, len(function.encoded))
    text = shown(function.slice(span.start, span.end))
    return Mutation(
        operator, f"Leave out {text}.", (Replacement(Span(span.start, end), ""),), line_of(function, span.start)
    )
