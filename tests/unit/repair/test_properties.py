"""What holds of every edit, whatever the function and its failures."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from autodev.repair import Failure, Frame, Target, extract, fingerprint, propose

STATEMENTS = (
    'total = float(row["a"]) / (float(row["b"]) - 1)',
    "value = int(row['c']) if row else None",
    'names = [item["name"].upper() for item in row["items"] if item["size"] > 2]',
    'pairs = {key: 1 / value for key, value in row["pairs"].items()}',
    "first, *rest = (x for x in names or [])",
    'counts[row["kind"]] += max(len(name) for name in names)',
    'label = f"{total:.2f}"',
    'found = re.search("x", row["text"]).group(1)',
    "if total > value: return round(total / value, 2)",
    "for item in row['items']:\n        total += item['size'] / item['count']",
    "while names and names[0]:\n        names.pop()",
    "with open(row['path']) as source:\n        text = source.read()",
    "size = time(hour=int(row['c']) // 100)",
    "total %= (yes := row['d'])",
    "label = '-'.join(names) + row['c']  # why",
    "return sum(map(float, row['items']))",
    "assert row['a'] < row['b'], 'order'",
)
ERRORS = (
    ("ValueError", "could not convert string to float: 'NA'"),
    ("ValueError", "invalid literal for int() with base 10: '12.0'"),
    ("TypeError", "float() argument must be a string or a real number, not 'NoneType'"),
    ("TypeError", "unsupported operand type(s) for /: 'NoneType' and 'int'"),
    ("TypeError", 'can only concatenate str (not "int") to str'),
    ("TypeError", "sequence item 0: expected str instance, NoneType found"),
    ("TypeError", "'>' not supported between instances of 'NoneType' and 'int'"),
    ("TypeError", "'NoneType' object is not subscriptable"),
    ("AttributeError", "'NoneType' object has no attribute 'group'"),
    ("KeyError", "'kind'"),
    ("IndexError", "list index out of range"),
    ("ZeroDivisionError", "division by zero"),
    ("ValueError", "max() arg is an empty sequence"),
    ("ValueError", "hour must be in 0..23"),
)

plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Target, list[Failure]]:
    body = draw(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=5))
    indent = draw(st.sampled_from(["    ", "\t"]))
    lines = [line.replace("        ", indent * 2) for statement in body for line in statement.split("\n")]
    code = "".join(f"{'' if line.startswith(indent) else indent}{line}\n" for line in lines)
    target = Target(f"import re\n\n@tool\ndef f(row, names=(), *, counts):\n{indent}'''Doc.'''\n{code}", "f")
    failures = st.builds(
        failing,
        st.sampled_from(ERRORS) | st.tuples(st.sampled_from(["ValueError", "OwnError"]), st.text(max_size=20)),
        st.sampled_from(lines) | st.text(max_size=5),
        st.none() | st.fixed_dictionaries({"row": plain_values}),
    )
    return target, draw(st.lists(failures, min_size=1, max_size=3))


def failing(error: tuple[str, str], line: str, arguments: Mapping[str, object] | None) -> Failure:
    return Failure(error[0], error[1], (Frame("f", line.strip()),), arguments)


def signature(code: str) -> str:
    (definition,) = ast.parse(code).body
    assert isinstance(definition, ast.FunctionDef)
    return f"{definition.name} {ast.dump(definition.args)}"


@settings(max_examples=60, deadline=None)
@given(cases())
def test_every_edit_compiles_keeps_the_signature_and_is_new(case: tuple[Target, list[Failure]]) -> None:
    target, failures = case
    original = extract(target)
    seen = {fingerprint(original)}
    for edit in propose(target, failures):
        compile(edit.code, "<edit>", "exec")
        assert signature(edit.code) == signature(original)
        assert "'''Doc.'''" in edit.code
        assert 0 <= edit.risk <= 1
        assert edit.size > 0
        assert fingerprint(edit.code) not in seen
        seen.add(fingerprint(edit.code))


@settings(max_examples=30, deadline=None)
@given(cases())
def test_the_same_failures_give_the_same_edits_in_the_same_order(case: tuple[Target, list[Failure]]) -> None:
    target, failures = case

    assert propose(target, failures) == propose(target, list(failures))


@settings(max_examples=30, deadline=None)
@given(cases())
def test_arguments_are_only_looked_at(case: tuple[Target, list[Failure]]) -> None:
    target, failures = case
    before = repr([failure.arguments for failure in failures])

    propose(target, failures)

    assert repr([failure.arguments for failure in failures]) == before
