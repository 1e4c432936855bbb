"""Each family by an example: a function, one of its mutations, and the kind of that."""

from __future__ import annotations

import pytest

from tests.unit.repair.operators.mutating import mutants, source

LOOP = """\
def f(xs, n):
    out = []
    i = 0
    for x in xs:
        if x < n:
            out.append(x)
    return out
"""
ONE_LINE = [
    ("comparison", "x < y", "x <= y"),
    ("comparison", "x == y", "x != y"),
    ("membership", "x in y", "x not in y"),
    ("membership", "x == y", "x in y"),
    ("identity", "x is y", "x == y"),
    ("arithmetic", "x / y", "x // y"),
    ("regrouped", "x + y / 2", "(x + y) / 2"),
    ("dropped_operand", "x + y", "x"),
    ("boolean_operator", "x and y", "x or y"),
    ("negation", "x == y", "not x == y"),
    ("negation", "not x", "x"),
    ("dropped_condition", "x and y", "y"),
    ("repeated_comparison", "x == 1 or 2", "x == 1 or x == 2"),
    ("constant_number", "x + 2", "x + 3"),
    ("constant_truth", "True", "False"),
    ("constant_empty", "[]", "()"),
    ("range_bound", "range(x)", "range(1, x + 1)"),
    ("range_bound", "range(x)", "range(x - 1, -1, -1)"),
    ("off_by_one_range", "range(x)", "range(x + 1)"),
    ("off_by_one_index", "y[x]", "y[x - 1]"),
    ("off_by_one_index", "y[x + 1]", "y[x]"),
    ("off_by_one_slice", "y[:x]", "y[:x + 1]"),
    ("off_by_one_comparison", "x < len(y)", "x < len(y) - 1"),
    ("off_by_one_return", "len(y)", "len(y) - 1"),
    ("slice_bound", "y[x:]", "y[:x]"),
    ("index_to_slice", "y[x]", "y[:x]"),
    ("wrong_name", "x + 1", "y + 1"),
    ("undefined_name", "yy + 1", "y + 1"),
    ("wrong_callee", "lenn(x)", None),
    ("undefined_name", "lenn(x)", "len(x)"),
    ("wrong_method", "x.find(y)", "x.index(y)"),
    ("wrong_method", "x.uper()", "x.upper()"),
    ("missing_call", "x.copy", "x.copy()"),
    ("brackets_to_call", "x.index[y]", "x.index(y)"),
    ("swapped_arguments", "pow(x, y)", "pow(y, x)"),
    ("swapped_operands", "x - y", "y - x"),
    ("builtin_swap", "max(x)", "min(x)"),
    ("unwrapped_call", "len(x)", "x"),
    ("cast", "x + y", "str(x) + y"),
    ("cast", "x", "int(x)"),
    ("wrapped_call", "x", "len(x)"),
    ("wrapped_return", "x", "[x]"),
    ("checked_return", "True", "not y"),
    ("filled_literal", "[]", "[x]"),
    ("compared_beyond", "len(x) == 0", "len(x) <= 1"),
    ("bounded", "x + y", "max(0, x + y)"),
    ("powered", "x - y", "x - y ** 2"),
    ("sliced", "len(x)", "len(x[1:])"),
    ("offset_by_name", "range(x)", "range(x - y)"),
    ("off_by_one_operand", "len(x) * [0]", "(len(x) - 1) * [0]"),
    ("return_value", "len(x)", "y"),
    ("return_value", "x", "True"),
    ("collection_literal", "[x, y]", "(x, y)"),
    ("method_to_function", "x.sort()", "sorted(x)"),
    ("method_to_operator", "x.append(y)", "x + [y]"),
    ("added_argument", "f(x)", "f(x, y)"),
    ("dropped_argument", "x.pop(y)", "x.pop()"),
    ("indexed", "x[0] + len(x)", "x[0] + len(x[0])"),
    ("swapped_calls", "len(range(x))", "range(len(x))"),
    ("unindexed", "x[y]", "y"),
]
SEVERAL_LINES = [
    ("assignment_operator", "x = y\nreturn x", "x += y\nreturn x"),
    ("assignment_operator", "x =+ 1\nreturn x", "x += 1\nreturn x"),
    ("comparison_to_assignment", "y == []\nreturn y", "y = []\nreturn y"),
    ("elif_to_else", "if x:\n    y = 1\nelif y:\n    y = 2", "if x:\n    y = 1\nelse:\n    y = 2"),
    ("augmented_arithmetic", "x += y\nreturn x", "x -= y\nreturn x"),
    ("method_to_operator", "x.append(y)\nreturn x", "x += (y,)\nreturn x"),
    ("operator_to_method", "x += y\nreturn x", "x.append(y)\nreturn x"),
    ("kept_result", "sorted(x)\nreturn x", "x = sorted(x)\nreturn x"),
    ("dropped_result", "x = x.sort()\nreturn x", "x.sort()\nreturn x"),
    ("copied", "z = x\nreturn z", "z = x[:]\nreturn z"),
    ("missing_import", "return math.pi", "import math\nreturn math.pi"),
    ("missing_import", "return Counter(x)", "from collections import Counter\nreturn Counter(x)"),
    ("print_to_return", "print(x)", "return x"),
    ("missing_return", "f(x)", "return f(x)"),
    ("missing_return", "z = x + y", "z = x + y\nreturn z"),
    ("assignment_to_return", "z = x + y", "return x + y"),
    ("guard", "return x[0]", "if not x:\n    return []\nreturn x[0]"),
    ("guard", "return x[0]", "if len(x) <= 1:\n    return x\nreturn x[0]"),
    ("deleted_statement", "x = 1\nreturn x", "return x"),
    ("swapped_statements", "x = 1\ny = x\nreturn y", "y = x\nx = 1\nreturn y"),
    ("unwrapped_block", "if x:\n    y = 1\nreturn y", "y = 1\nreturn y"),
    ("unwrapped_else", "if x:\n    y = 1\nelse:\n    y = 2\nreturn y", "if x:\n    y = 1\ny = 2\nreturn y"),
    ("deleted_branch", "if x:\n    y = 1\nelse:\n    y = 2\nreturn y", "if x:\n    y = 1\nreturn y"),
    ("if_to_elif", "if x:\n    y = 1\nif y:\n    y = 2\nreturn y", "if x:\n    y = 1\nelif y:\n    y = 2\nreturn y"),
    ("elif_to_if", "if x:\n    y = 1\nelif y:\n    y = 2\nreturn y", "if x:\n    y = 1\nif y:\n    y = 2\nreturn y"),
    ("missing_else", "if x:\n    y = 1\ny = 2\nreturn y", "if x:\n    y = 1\nelse:\n    y = 2\nreturn y"),
    ("if_to_while", "if x:\n    x -= 1\nreturn x", "while x:\n    x -= 1\nreturn x"),
    ("while_to_if", "while x:\n    x -= 1\nreturn x", "if x:\n    x -= 1\nreturn x"),
    ("constant_condition", "while x:\n    x -= 1\nreturn x", "while True:\n    x -= 1\nreturn x"),
    ("missing_increment", "i = 0\nwhile i < x:\n    y(i)\n", "i = 0\nwhile i < x:\n    y(i)\n    i += 1"),
    ("dedented_return", "for a in x:\n    y += a\n    return y", "for a in x:\n    y += a\nreturn y"),
    ("indented_return", "for a in x:\n    y += a\nreturn y", "for a in x:\n    y += a\n    return y"),
    ("dedented", "for a in x:\n    y += a\n    y -= 1\nreturn y", "for a in x:\n    y += a\ny -= 1\nreturn y"),
    ("indented", "for a in x:\n    y += a\ny -= 1\nreturn y", "for a in x:\n    y += a\n    y -= 1\nreturn y"),
    ("moved_out", "for a in x:\n    z = 0\n    z += a\nreturn z", "z = 0\nfor a in x:\n    z += a\nreturn z"),
    ("moved_in", "z = 0\nfor a in x:\n    z += a\nreturn z", "for a in x:\n    z = 0\n    z += a\nreturn z"),
    ("initialised", "for a in x:\n    z += a\nreturn z", "z = 0\nfor a in x:\n    z += a\nreturn z"),
    ("iterated", "for a in x:\n    x.remove(a)\nreturn x", "for a in x[:]:\n    x.remove(a)\nreturn x"),
    ("iterated", "for i in range(len(x)):\n    y(i)", "for i in x:\n    y(i)"),
    ("shadowing", "for y in x:\n    x(y)\nreturn y", "for y_2 in x:\n    x(y_2)\nreturn y"),
    (
        "missing_jump",
        "for a in x:\n    if a:\n        y = a\nreturn y",
        "for a in x:\n    if a:\n        y = a\n        break\nreturn y",
    ),
    (
        "else_to_elif",
        "if x < y:\n    return 1\nelse:\n    return 2",
        "if x < y:\n    return 1\nelif x > y:\n    return 2",
    ),
    (
        "moved_else",
        "for a in x:\n    if a:\n        return 1\n    else:\n        return 2",
        "for a in x:\n    if a:\n        return 1\nelse:\n    return 2",
    ),
]  # fmt: skip


def function(body: str) -> str:
    return "def f(x, y):\n" + "".join(f"    {line}\n" for line in body.splitlines())


@pytest.mark.parametrize(("kind", "expression", "expected"), ONE_LINE)
def test_an_expression_becomes(kind: str, expression: str, expected: str | None) -> None:
    found = mutants(function(f"return {expression}"))

    if expected is None:
        assert kind not in found.values()
    else:
        assert found.get(function(f"return {expected}")) == kind


@pytest.mark.parametrize(("kind", "body", "expected"), SEVERAL_LINES)
def test_statements_become(kind: str, body: str, expected: str) -> None:
    assert mutants(function(body)).get(function(expected)) == kind


@pytest.mark.parametrize(
    ("kind", "line", "expected"),
    [
        ("strengthened_condition", "if x < n:", "if x < n and i < len(xs):"),
        ("or_empty", "if x < n:", "if x < n or not xs:"),
        ("joined", "return out", "return xs + out"),
        ("missing_append", "return out", "out.append(i)\n    return out"),
        ("missing_append", "    return out", "        out.append(x)\n    return out"),
        ("missing_else", "    return out", "        else:\n            i += 1\n    return out"),
        ("wrong_target", "i = 0", "n = 0"),
        ("initial_value", "out = []", "out = list(xs)"),
        ("loop_guard", "if x < n:", "if x in out:\n            continue\n        if x < n:"),
        ("element_for_index", "if x < n:", "if xs.index(x) < n:"),
    ],
)
def test_a_loop_s_line_becomes(kind: str, line: str, expected: str) -> None:
    assert mutants(LOOP).get(LOOP.replace(line, expected)) == kind


def test_one_mistake_in_two_places_is_mended_in_both_at_once() -> None:
    broken = function("out = []\nfor a in x:\n    out.append[a]\n    x.remove[a]\nreturn out")
    mended = broken.replace("append[a]", "append(a)").replace("remove[a]", "remove(a)")

    assert mutants(broken).get(mended) == "brackets_to_call"


def test_a_word_that_is_not_called_is_no_misspelled_builtin() -> None:
    found = mutants(function("return sorted_y[x]"))

    assert found.get(function("return y[x]")) == "undefined_name"
    assert function("return sorted[x]") not in found


def test_an_undefined_name_changes_everywhere_at_once() -> None:
    broken = function("out = []\nfor a in x:\n    oot.append(a)\nreturn oot")

    assert mutants(broken).get(broken.replace("oot", "out")) == "undefined_name"


def test_a_variable_that_only_grows_may_be_a_misspelled_one() -> None:
    broken = function("total = 0\nfor a in x:\n    totl += a\nreturn total")

    assert mutants(broken).get(broken.replace("totl", "total")) == "undefined_name"


def test_names_of_the_module_are_known() -> None:
    found = mutants(function("return step(x)"), "LIMIT = 3\n\ndef stop(x): ...\n\ndef step(x): ...")

    assert found.get(function("return stop(x)")) == "wrong_callee"
    assert found.get(function("return step(LIMIT)")) == "wrong_name"


def test_an_assigned_constant_of_the_module_becomes_global() -> None:
    found = mutants(function("total += x\nreturn total"), "total = 0")

    assert found.get(function("global total\ntotal += x\nreturn total")) == "global_statement"


def test_a_word_is_never_run_into() -> None:
    glued = "def f(x, y):\n    return(x)or(y)\n"

    assert all("returny" not in code and "xor" not in code for code in mutants(glued))


def test_parentheses_come_only_where_they_are_needed() -> None:
    found = mutants(function("return -x * y"))

    assert function("return -(x * y)") not in found
    assert function("return -y * y") in found
    assert source(function("return len(-x * y)")) in found


def test_functions_on_one_line_have_mutations_too() -> None:
    assert mutants("def f(x, y): return x < y\n").get("def f(x, y): return x <= y\n") == "comparison"
