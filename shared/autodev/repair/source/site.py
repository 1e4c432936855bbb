"""The places of a function where an edit can go: its statements, and what each of them evaluates itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from autodev.repair.source.function import FunctionSource

Block = cst.SimpleStatementLine | cst.SimpleStatementSuite | cst.BaseCompoundStatement
_Scope = cst.FunctionDef | cst.Lambda | cst.ClassDef


@dataclass(frozen=True)
class Site:
    """One statement; of a compound statement only its header (the body's statements are sites themselves)."""

    function: FunctionSource
    block: Block
    roots: tuple[cst.CSTNode, ...]

    @cached_property
    def nodes(self) -> tuple[cst.CSTNode, ...]:
        """All nodes that this statement evaluates, outer before inner, in source order."""
        return tuple(node for root in self.roots for node in self.function.walk(root))

    @cached_property
    def text(self) -> str:
        """The statement's source; of a compound statement its header with the colon."""
        span = self.function.span(self.block)
        end = span.end
        if isinstance(self.block, cst.Match):
            end = self.function.span(self.block.cases[0]).start
        elif isinstance(self.block, cst.BaseCompoundStatement):
            end = self.function.span(self.block.body).start
        return self.function.slice(span.start, end).strip()

    @cached_property
    def loop(self) -> cst.For | cst.While | None:
        """The innermost loop, of the same function, whose body holds this statement."""
        inner: cst.CSTNode = self.block
        for outer in self.function.ancestors(self.block):
            if isinstance(outer, cst.For | cst.While) and inner is outer.body:
                return outer
            if isinstance(outer, _Scope):
                return None
            inner = outer
        return None

    @cached_property
    def scope(self) -> cst.FunctionDef:
        """The function that a `return` placed here returns from."""
        for outer in self.function.ancestors(self.block):
            if isinstance(outer, cst.FunctionDef):
                return outer
        return self.function.definition

    @cached_property
    def returned(self) -> tuple[cst.BaseExpression | None, ...]:
        """What the scope's `return` statements return, None for a bare one; nothing of a generator."""
        pending: list[cst.CSTNode] = [self.scope.body]
        values: list[cst.BaseExpression | None] = []
        while pending:
            node = pending.pop()
            if isinstance(node, cst.Yield):
                return ()
            if isinstance(node, cst.Return):
                values.append(node.value)
            if not isinstance(node, _Scope):
                pending.extend(reversed(self.function.children(node)))
        return tuple(values)


def sites(function: FunctionSource) -> tuple[Site, ...]:
    """Every statement of the function in source order, nested functions' statements too."""
    return tuple(_sites(function))


def _sites(function: FunctionSource) -> Iterator[Site]:
    for node in function.nodes:
        match node:
            case cst.FunctionDef() | cst.ClassDef() | cst.Try() | cst.TryStar():
                continue
            case cst.SimpleStatementLine(body=body) | cst.SimpleStatementSuite(body=body):
                if not _is_docstring(body):
                    yield Site(function, node, tuple(body))
            case cst.If(test=test) | cst.While(test=test):
                yield Site(function, node, (test,))
            case cst.For(target=target, iter=iterated):
                yield Site(function, node, (target, iterated))
            case cst.With(items=items):
                yield Site(function, node, tuple(items))
            case cst.Match(subject=subject):
                yield Site(function, node, (subject,))


def _is_docstring(body: Sequence[cst.BaseSmallStatement]) -> bool:
    return len(body) == 1 and isinstance(body[0], cst.Expr) and isinstance(body[0].value, cst.BaseString)
