"""What holds of every mutation of any function."""

from __future__ import annotations

import ast

import pytest

from autodev.repair.mutation import Mutation
from autodev.repair.operators.module_names import ModuleNames
from autodev.repair.operators.registry import mutations
from autodev.repair.source.changes import conflict
from autodev.repair.source.compiling import compiles
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.rewriting import rewritten
from tests.unit.repair.operators.functions import FUNCTIONS

NAMES = ModuleNames(functions=("helper", "fib"), constants=("LIMIT",), imports=("math",))
every_function = pytest.mark.parametrize("code", FUNCTIONS, ids=lambda code: code.split("(")[0].split()[-1])


def all_of(code: str) -> list[Mutation]:
    return list(mutations(FunctionSource(code), NAMES))


def definition(code: str) -> ast.FunctionDef | ast.AsyncFunctionDef:
    (found,) = ast.parse(code).body
    assert isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef)
    return found


@every_function
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_the_result_is_new_and_keeps_signature_and_docstring_and_nearly_all_compile(code: str) -> None:
    function, before = FunctionSource(code), definition(code)
    seen, broken = {code}, 0
    for mutation in all_of(code):
        result, _ = rewritten(function, mutation.replacements)
        assert result not in seen
        seen.add(result)
        if not compiles(result):
            broken += 1
            continue
        after = definition(result)
        assert after.name == before.name
        assert ast.dump(after.args) == ast.dump(before.args)
        assert ast.get_docstring(after) == ast.get_docstring(before)
    assert broken <= len(seen) / 20


@every_function
def test_only_what_the_replacements_say_changes(code: str) -> None:
    function = FunctionSource(code)
    for mutation in all_of(code):
        result = function.encoded
        for replacement in sorted(mutation.replacements, key=lambda each: each.span.start, reverse=True):
            span = replacement.span
            assert 0 <= span.start <= span.end <= len(function.encoded)
            result = result[: span.start] + replacement.text.encode() + result[span.end :]
        assert rewritten(function, mutation.replacements)[0].encode() == result
        for index, replacement in enumerate(mutation.replacements):
            assert not conflict((replacement,), mutation.replacements[index + 1 :])


@every_function
def test_it_names_its_kind_its_line_and_what_it_does(code: str) -> None:
    for mutation in all_of(code):
        assert mutation.operator.replace("_", "").isalpha()
        assert mutation.operator.islower()
        assert mutation.description.endswith(".")
        assert "\n" not in mutation.description
        assert 1 <= mutation.line <= len(code.splitlines())


@every_function
def test_they_come_in_the_same_order_each_time(code: str) -> None:
    assert all_of(code) == all_of(code)


def test_there_are_hundreds_for_a_short_function_and_they_come_lazily() -> None:
    code = next(code for code in FUNCTIONS if code.startswith("def binary"))
    assert 500 <= len(all_of(code)) <= 5000
    assert next(mutations(FunctionSource(code))).operator == "comparison"
