"""Which names exist where in a function."""

import builtins
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from autodev.repair.operators.module_names import ModuleNames
from autodev.repair.source.comprehensions import Comprehension
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.names import names_read

# What `site` adds for people at a prompt is no builtin of programs, and not there in every interpreter.
_INTERACTIVE = {"copyright", "credits", "exit", "help", "license", "quit"}
BUILTINS = frozenset(dir(builtins)) - _INTERACTIVE
_Owner = cst.FunctionDef | cst.Lambda | Comprehension


@dataclass(frozen=True, eq=False)
class Scope:
    """Names by what binds them; a scope is a `def`, a `lambda` or a comprehension."""

    function: FunctionSource
    module: ModuleNames
    bound: dict[cst.CSTNode, dict[str, None]]

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        return tuple(_parameters(self.function.definition.params))

    @cached_property
    def own(self) -> tuple[str, ...]:
        """Names that the function itself binds: its parameters, then its local variables."""
        return tuple(self.bound.get(self.function.definition, {}))

    @property
    def variables(self) -> tuple[str, ...]:
        """The function's own names that are no parameters."""
        return tuple(name for name in self.own if name not in self.parameters)

    def owner(self, node: cst.CSTNode) -> cst.CSTNode:
        """The innermost `def` or `lambda` that holds the node."""
        outer = self.function.ancestors(node)
        return next(node for node in outer if isinstance(node, cst.FunctionDef | cst.Lambda))

    def visible(self, node: cst.CSTNode) -> tuple[str, ...]:
        """Names of the function that an expression at the node can read, the innermost scope's first."""
        names: dict[str, None] = {}
        for outer in self.function.ancestors(node):
            names |= self.bound.get(outer, {})
        return tuple(names)

    def is_undefined(self, node: cst.Name) -> bool:
        """Whether nothing that is known binds the name, so that reading it raises NameError."""
        known = node.value in BUILTINS or node.value in self.module.everything
        return not known and node.value not in self.visible(node) and node.value != self.function.definition.name.value


def scope(function: FunctionSource, nodes: Sequence[cst.CSTNode], module: ModuleNames) -> Scope:
    definition = function.definition
    bound: dict[cst.CSTNode, dict[str, None]] = {definition: dict.fromkeys(_parameters(definition.params))}
    for node in nodes:
        if isinstance(node, cst.FunctionDef | cst.Lambda):
            bound.setdefault(node, {}).update(dict.fromkeys(_parameters(node.params)))
        names = tuple(_bound_by(function, node))
        if names:
            inner = isinstance(node, cst.CompFor)
            owner = next(
                outer
                for outer in function.ancestors(node)
                if isinstance(outer, _Owner) and (inner or not isinstance(outer, Comprehension))
            )
            bound.setdefault(owner, {}).update(dict.fromkeys(names))
    return Scope(function, module, bound)


def _bound_by(function: FunctionSource, node: cst.CSTNode) -> Iterator[str]:
    match node:
        case cst.AssignTarget(target=target) | cst.For(target=target) | cst.CompFor(target=target):
            yield from _stored(function, target)
        case cst.AugAssign(target=target) | cst.AnnAssign(target=target) | cst.NamedExpr(target=target):
            yield from _stored(function, target)
        case cst.AsName(name=target):
            yield from _stored(function, target)
        case cst.FunctionDef(name=name) | cst.ClassDef(name=name):
            yield name.value
        case cst.ImportAlias(name=cst.Name(value=name), asname=None):
            yield name


def _stored(function: FunctionSource, target: cst.CSTNode) -> Iterator[str]:
    match target:
        case cst.Name(value=name):
            yield name
        case cst.Tuple() | cst.List() | cst.StarredElement():
            yield from names_read(function, target)


def _parameters(declared: cst.Parameters) -> Iterator[str]:
    stars = [star for star in (declared.star_arg, declared.star_kwarg) if isinstance(star, cst.Param)]
    for parameter in (*declared.posonly_params, *declared.params, *declared.kwonly_params, *stars):
        yield parameter.name.value
