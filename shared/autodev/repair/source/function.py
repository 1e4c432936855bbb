"""One function's source: its syntax tree with byte positions, so that an edit leaves all else untouched."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper, ParentNodeProvider

from autodev.repair.model import Target, UnparsableSourceError, UnsupportedTargetError

_PARSE_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of byte offsets into the function's UTF-8 source."""

    start: int
    end: int


class FunctionSource:
    """A parsed function. Raises UnparsableSourceError when libcst can't parse the code."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.encoded = code.encode()
        try:
            self._wrapper = MetadataWrapper(cst.parse_module(code), unsafe_skip_copy=True)
            self._spans = self._wrapper.resolve(ByteSpanPositionProvider)
            self._parents = self._wrapper.resolve(ParentNodeProvider)
        except (cst.ParserSyntaxError, RecursionError) as error:
            raise UnparsableSourceError(f"the function can't be parsed: {error}") from error
        definition = self._wrapper.module.body[0]
        assert isinstance(definition, cst.FunctionDef)
        self.definition = definition

    def span(self, node: cst.CSTNode) -> Span:
        """Where the node stands, without its own parentheses and leading comments."""
        found = self._spans[node]
        return Span(found.start, found.start + found.length)

    def whole_span(self, node: cst.BaseExpression) -> Span:
        """The expression's span with its own parentheses."""
        if not node.lpar:
            return self.span(node)
        return Span(self.span(node.lpar[0]).start, self.span(node.rpar[-1]).end)

    def text(self, node: cst.CSTNode) -> str:
        """The author's text of the node."""
        span = self.span(node)
        return self.slice(span.start, span.end)

    def slice(self, start: int, end: int) -> str:
        return self.encoded[start:end].decode()

    def parent(self, node: cst.CSTNode) -> cst.CSTNode:
        return self._parents[node]

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Innermost first, up to and including the function's definition."""
        while node is not self.definition:
            node = self._parents[node]
            yield node

    @cached_property
    def nodes(self) -> tuple[cst.CSTNode, ...]:
        """Every node of the function in source order, outer before inner."""
        return tuple(walk(self.definition))

    @cached_property
    def indent_unit(self) -> str:
        body = self.definition.body
        if isinstance(body, cst.IndentedBlock):
            start = self.span(body.body[0]).start
            line = self.encoded.rfind(b"\n", 0, start) + 1
            return self.slice(line, start)
        return "    "

    @cached_property
    def prefers_single_quotes(self) -> bool:
        strings = [node.value for node in self.nodes if isinstance(node, cst.SimpleString)]
        plain = [text for text in strings if not text.endswith(('"""', "'''"))]
        return sum(text.endswith("'") for text in plain) * 2 > len(plain)


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The node and all below it, outer before inner, in source order."""
    yield node
    for child in node.children:
        yield from walk(child)


def extract(target: Target) -> str:
    """The entrypoint's own source: from `def` on, without decorators, ending in a newline.

    Raises UnparsableSourceError and UnsupportedTargetError.
    """
    source = target.module_source.replace("\r\n", "\n").replace("\r", "\n")
    try:
        module = ast.parse(source)
    except _PARSE_ERRORS as error:
        raise UnparsableSourceError(f"the module of {target.entrypoint!r} does not parse: {error}") from error
    definition = _find(module, target.entrypoint)
    # Only \n ends a line in `ast`; str.splitlines would also split at form feeds inside strings.
    lines = re.split("\n", source)[definition.lineno - 1 : definition.end_lineno]
    return "\n".join(lines) + "\n"


def _find(module: ast.Module, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef:
    if "." in name:
        raise UnsupportedTargetError(
            f"{name!r} is a method or a nested function; only a function at module level can be repaired"
        )
    found: ast.stmt | None = None
    for statement in module.body:
        match statement:
            case ast.FunctionDef(name=bound) | ast.AsyncFunctionDef(name=bound) | ast.ClassDef(name=bound):
                found = statement if bound == name else found
            case ast.Assign(targets=[ast.Name(id=bound)]) if bound == name:
                found = statement
    match found:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return found
        case None:
            raise UnsupportedTargetError(f"the module defines no function {name!r} at its top level")
        case _:
            raise UnsupportedTargetError(
                f"{name!r} (line {found.lineno}) is not a `def`; write it as a function to have it repaired"
            )
