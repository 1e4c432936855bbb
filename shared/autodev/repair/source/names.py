"""Names that code reads and that a function takes as parameters."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.source.function import FunctionSource


def names_read(function: FunctionSource, node: cst.CSTNode) -> Iterator[str]:
    """Names the expression reads; attribute and keyword names are none."""
    match node:
        case cst.Name(value=name):
            yield name
        case cst.Attribute(value=value):
            yield from names_read(function, value)
        case cst.Arg(value=value):
            yield from names_read(function, value)
        case _:
            for child in function.children(node):
                yield from names_read(function, child)


def parameters(scope: cst.FunctionDef) -> frozenset[str]:
    """Names of the function's parameters of every kind."""
    declared = scope.params
    stars = [star for star in (declared.star_arg, declared.star_kwarg) if isinstance(star, cst.Param)]
    named = [*declared.posonly_params, *declared.params, *declared.kwonly_params, *stars]
    return frozenset(parameter.name.value for parameter in named)
