"""The fingerprint is of the code's meaning on paper, not of its looks."""

from __future__ import annotations

import pytest

from autodev.repair import UnparsableSourceError, diff, fingerprint
from autodev.repair.canonical import compiled_fingerprint

CODE = 'def f(a):\n    """Doc."""\n    return a + "x"  # why\n'


@pytest.mark.parametrize(
    "same",
    [
        'def f(a):\n    return a + "x"\n',
        "def f( a ):\n\n    return (a + 'x')\n",
        'def f(a):\n    """Other."""\n    return a + "x"\n',
    ],
)
def test_formatting_comments_quotes_and_docstrings_do_not_count(same: str) -> None:
    assert fingerprint(same) == fingerprint(CODE)


@pytest.mark.parametrize("other", ['def f(a):\n    return "x" + a\n', 'async def f(a):\n    return a + "x"\n'])
def test_other_code_has_another_fingerprint(other: str) -> None:
    assert fingerprint(other) != fingerprint(CODE)


def test_a_function_of_a_docstring_alone_has_a_fingerprint() -> None:
    assert fingerprint('def f():\n    """Doc."""\n') == fingerprint("def f():\n    pass\n")


def test_code_that_does_not_parse_has_none() -> None:
    with pytest.raises(UnparsableSourceError):
        fingerprint("def f(:")


@pytest.mark.parametrize("same", ["def f(a):\n    return (a  +  1)\n", "\n# why\ndef f(a):\n\n    return a + 1\n"])
def test_instructions_are_the_same_wherever_they_are_written(same: str) -> None:
    assert compiled_fingerprint(same) == compiled_fingerprint("def f(a):\n    return a + 1\n")


@pytest.mark.parametrize("other", ["a + True", "a + 1.0", "a - 1", "b + 1", "lambda: a + 1"])
def test_other_instructions_names_and_constants_have_another_fingerprint(other: str) -> None:
    assert compiled_fingerprint(f"def f(a):\n    return {other}\n") != compiled_fingerprint(
        "def f(a):\n    return a + 1\n"
    )


def test_code_that_does_not_compile_has_no_instructions() -> None:
    with pytest.raises(UnparsableSourceError):
        compiled_fingerprint("return 1")


def test_a_diff_shows_removed_and_added_lines() -> None:
    assert diff("a\nb\n", "a\nc\n").splitlines()[2:] == ["@@ -1,2 +1,2 @@", " a", "-b", "+c"]


def test_equal_code_has_an_empty_diff() -> None:
    assert diff(CODE, CODE) == ""
