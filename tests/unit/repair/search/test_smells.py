"""What overfitting looks like."""

import pytest

from autodev.repair.search.case import Case, Expected
from autodev.repair.search.smells import penalty

BEFORE = "def f(x):\n    return x + 2\n"
FAILING = [Case((17,), {}, Expected(42))]


def of(body: str, *, none_is_good: bool = False) -> float:
    return penalty(BEFORE, f"def f(x):\n{body}", FAILING, none_is_good=none_is_good)


def test_an_ordinary_edit_does_not_smell() -> None:
    assert of("    return x - 2\n") == 0
    assert of("    return x + 1\n") == 0


@pytest.mark.parametrize(
    "body",
    [
        "    if x == 17:\n        return x\n    return x + 2\n",
        "    return 42\n",
        "    try:\n        return x + 2\n    except Exception:\n        return x\n",
        "    return None\n",
        "    return\n",
    ],
)
def test_overfitting_smells(body: str) -> None:
    assert of(body) > 0.5


def test_none_smells_less_where_good_calls_return_it() -> None:
    assert of("    return None\n", none_is_good=True) == 0
