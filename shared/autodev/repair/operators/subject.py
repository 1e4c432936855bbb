"""The function to mutate, and what all operators ask about it, worked out once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.blocks import Block, Statement, blocks
from autodev.repair.operators.kinds import Kinds, kinds
from autodev.repair.operators.module_names import ModuleNames
from autodev.repair.operators.reading import body_statements, read_expressions
from autodev.repair.operators.scope import Scope, scope
from autodev.repair.source.function import FunctionSource


@dataclass(frozen=True, eq=False)
class Subject:
    """A function with the names of its module. All sequences are in source order."""

    function: FunctionSource
    module: ModuleNames = field(default_factory=ModuleNames)

    @cached_property
    def nodes(self) -> tuple[cst.CSTNode, ...]:
        """All nodes of the body but its docstring, outer before inner."""
        return tuple(node for root in body_statements(self.function) for node in self.function.walk(root))

    @cached_property
    def expressions(self) -> tuple[cst.BaseExpression, ...]:
        """Every expression that the body evaluates: no assignment target, attribute name or annotation."""
        roots = body_statements(self.function)
        return tuple(found for root in roots for found in read_expressions(self.function, root))

    @cached_property
    def names(self) -> tuple[cst.Name, ...]:
        """The expressions that are plain names, without True, False and None."""
        constants = ("True", "False", "None")
        return tuple(node for node in self.expressions if isinstance(node, cst.Name) and node.value not in constants)

    @cached_property
    def blocks(self) -> Sequence[Block]:
        return tuple(blocks(self.function))

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement that has lines of its own; no docstring, and no body that stands on its header's line."""
        found = [statement for block in self.blocks for statement in block.statements]
        return tuple(sorted(found, key=lambda statement: statement.span.start))

    @cached_property
    def scope(self) -> Scope:
        return scope(self.function, self.nodes, self.module)

    @cached_property
    def kinds(self) -> Kinds:
        return kinds(self.function, self.nodes)

    @cached_property
    def loops(self) -> tuple[cst.For | cst.While, ...]:
        return tuple(node for node in self.nodes if isinstance(node, cst.For | cst.While))

    @cached_property
    def conditions(self) -> tuple[cst.BaseExpression, ...]:
        """The tests of `if`, `elif` and `while`, and the conditions of comprehensions."""
        held = cst.If | cst.While | cst.CompIf
        return tuple(node.test for node in self.nodes if isinstance(node, held))

    @cached_property
    def returns(self) -> tuple[cst.Return, ...]:
        """The function's own `return` statements, none of a nested function."""
        found = (node for node in self.nodes if isinstance(node, cst.Return))
        return tuple(node for node in found if self.scope.owner(node) is self.function.definition)


class Operator(Protocol):
    """A family of mutations. Pure: the same subject gives the same mutations in the same order."""

    def __call__(self, subject: Subject) -> Iterator[Mutation]: ...
