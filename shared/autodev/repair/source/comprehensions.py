"""Comprehensions: their clauses, the names they bind, and what stands inside of one."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.source.function import FunctionSource
from autodev.repair.source.names import names_read
from autodev.repair.source.site import Site

Comprehension = cst.GeneratorExp | cst.ListComp | cst.SetComp | cst.DictComp


def comprehension_of(site: Site, node: cst.CSTNode) -> Comprehension | None:
    """The innermost comprehension of the statement that binds a name which the expression reads."""
    names = set(names_read(site.function, node))
    for outer in site.function.ancestors(node):
        if outer is site.block:
            break
        if isinstance(outer, Comprehension) and names & bound_names(site.function, outer):
            return outer
    return None


def bound_names(function: FunctionSource, comprehension: Comprehension) -> set[str]:
    return {name for clause in clauses(comprehension) for name in names_read(function, clause.target)}


def clauses(comprehension: Comprehension) -> Iterator[cst.CompFor]:
    """The comprehension's `for` clauses, outermost first."""
    clause: cst.CompFor | None = comprehension.for_in
    while clause is not None:
        yield clause
        clause = clause.inner_for_in


def stands_before(site: Site, node: cst.BaseExpression) -> bool:
    """Whether the expression can be evaluated just before its statement: no name of it is bound within."""
    names = set(names_read(site.function, node))
    for inner in site.nodes:
        match inner:
            case cst.Lambda(params=params):
                bound = {param.name.value for param in params.params}
            case cst.NamedExpr(target=cst.Name(value=name)):
                bound = {name}
            case cst.GeneratorExp() | cst.ListComp() | cst.SetComp() | cst.DictComp():
                bound = bound_names(site.function, inner)
            case _:
                continue
        if names & bound:
            return False
    return True
