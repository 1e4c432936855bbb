"""A function in, the functions that mutations make of it out."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from autodev.repair.operators.module_names import module_names
from autodev.repair.operators.registry import mutations
from autodev.repair.source.compiling import compiles
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.rewriting import rewritten


def mutants(code: str, module: str = "") -> Mapping[str, str]:
    """Every result that compiles with the kind of the mutation that made it."""
    function = FunctionSource(source(code))
    made = {
        rewritten(function, mutation.replacements)[0]: mutation.operator
        for mutation in mutations(function, module_names(dedent(module)))
    }
    return {result: operator for result, operator in made.items() if compiles(result)}


def source(code: str) -> str:
    return dedent(code).lstrip("\n")
