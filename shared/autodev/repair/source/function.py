"""One function's source: its syntax tree with byte positions, so that an edit leaves all else untouched."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper, ParentNodeProvider

from autodev.repair.model import UnparsableSourceError


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

    def children(self, node: cst.CSTNode) -> Sequence[cst.CSTNode]:
        """The nodes directly below, in source order."""
        return self._children.get(node, ())

    def walk(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The node and all below it, outer before inner, in source order."""
        pending = [node]
        while pending:
            current = pending.pop()
            yield current
            pending.extend(reversed(self.children(current)))

    @cached_property
    def _children(self) -> Mapping[cst.CSTNode, list[cst.CSTNode]]:
        # CSTNode.children copies the node at every call; the parents are known already.
        children: dict[cst.CSTNode, list[cst.CSTNode]] = {}
        for child, parent in self._parents.items():
            children.setdefault(parent, []).append(child)
        return children

    @cached_property
    def nodes(self) -> tuple[cst.CSTNode, ...]:
        """Every node of the function in source order, outer before inner."""
        return tuple(self.walk(self.definition))

    @cached_property
    def assigned(self) -> Mapping[str, Sequence[cst.BaseExpression | None]]:
        """Values assigned to plain names anywhere in the function; None for one that changes the old value."""
        values: dict[str, list[cst.BaseExpression | None]] = {}
        for node in self.nodes:
            match node:
                case cst.AssignTarget(target=cst.Name(value=name)):
                    assignment = self.parent(node)
                    assert isinstance(assignment, cst.Assign)
                    values.setdefault(name, []).append(assignment.value)
                case cst.AnnAssign(target=cst.Name(value=name), value=cst.BaseExpression() as value):
                    values.setdefault(name, []).append(value)
                case cst.AugAssign(target=cst.Name(value=name)):
                    values.setdefault(name, []).append(None)
        return values

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
