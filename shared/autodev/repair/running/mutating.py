"""The operators' mutations, as a search takes them."""

from __future__ import annotations

from collections.abc import Iterator

from autodev.repair.mutation import Mutation
from autodev.repair.operators.module_names import module_names
from autodev.repair.operators.registry import mutations
from autodev.repair.search.module import ModuleText
from autodev.repair.source.function import FunctionSource


def mutate(function: FunctionSource, module: ModuleText) -> Iterator[Mutation]:
    """Every single edit of a function of the module."""
    return mutations(function, module_names(module.text))
