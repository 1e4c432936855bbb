"""Which expressions of a function are read, so that another expression can stand in their place."""

from collections.abc import Iterator, Sequence

import libcst as cst

from autodev.repair.source.function import FunctionSource

_NOT_READ = (
    cst.Annotation, cst.Parameters, cst.NameItem, cst.Import, cst.ImportFrom, cst.AsName, cst.Del, cst.MatchPattern,
)  # fmt: skip


def body_statements(function: FunctionSource) -> Sequence[cst.CSTNode]:
    """The statements of the function's body without its docstring."""
    body: Sequence[cst.CSTNode] = function.definition.body.body
    return body[1:] if body and is_docstring(body[0]) else body


def is_docstring(statement: cst.CSTNode) -> bool:
    match statement:
        case cst.SimpleStatementLine(body=[cst.Expr(value=cst.BaseString()), *_]):
            return True
        case cst.Expr(value=cst.BaseString()):
            return True
    return False


def read_expressions(function: FunctionSource, node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """Every expression at and below the node that is evaluated for its value, outer before inner."""
    if isinstance(node, _NOT_READ):
        return
    if isinstance(node, cst.BaseExpression):
        yield node
    match node:
        case cst.Attribute(value=part) | cst.Arg(value=part) | cst.AugAssign(value=part) | cst.NamedExpr(value=part):
            parts: Sequence[cst.CSTNode] = (part,)
        case cst.FunctionDef(body=body) | cst.ClassDef(body=body):
            parts = (body,)
        case cst.AnnAssign(value=value):
            parts = () if value is None else (value,)
        case cst.AssignTarget(target=target) | cst.For(target=target) | cst.CompFor(target=target):
            yield from _read_by_target(function, target)
            parts = [child for child in function.children(node) if child is not target]
        case _:
            parts = function.children(node)
    for child in parts:
        yield from read_expressions(function, child)


def _read_by_target(function: FunctionSource, target: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """What an assignment target evaluates: `grid` and `i` of `grid[i]`."""
    match target:
        case cst.Subscript(value=value, slice=slices):
            for part in (value, *slices):
                yield from read_expressions(function, part)
        case cst.Attribute(value=value):
            yield from read_expressions(function, value)
        case cst.Tuple() | cst.List():
            for element in target.elements:
                yield from _read_by_target(function, element.value)
