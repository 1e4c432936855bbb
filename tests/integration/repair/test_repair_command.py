"""`autodev repair` on real isolation: one-line defects of our own, end to end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.repair.command import ADULT, ADULTS, run

pytestmark = pytest.mark.isolation

DEFECTS = {
    "comparison": (
        ADULT,
        "adult",
        ADULTS,
        "return age >= 18",
    ),
    "range": (
        "def total(prices):\n    s = 0\n    for i in range(len(prices) + 1):\n        s += prices[i]\n    return s\n",
        "total",
        [("total([1, 2])", "3"), ("total([])", "0"), ("total([5])", "5")],
        "range(len(prices))",
    ),
    "name": (
        "def longest(ws):\n    top = ''\n    for w in ws:\n        if len(w) > len(top): top = wd\n    return top\n",
        "longest",
        [("longest(['a', 'bcd', 'ef'])", "'bcd'"), ("longest([])", "''"), ("longest(['xy', 'z'])", "'xy'")],
        "top = w\n",
    ),
    "endless": (
        "def digits(n):\n    count = 1\n    while n >= 10:\n        n = n / 1\n        count += 1\n    return count\n",
        "digits",
        [("digits(7)", "1"), ("digits(10)", "2"), ("digits(1234)", "4"), ("digits(99)", "2")],
        "n // 10",
    ),
    "helper": (
        "def half(n):\n    return n // 3\n\n\ndef middle(items):\n    return items[half(len(items))]\n",
        "middle",
        [
            ("middle([1, 2, 3])", "2"),
            ("middle([4])", "4"),
            ("middle([1, 2, 3, 4, 5])", "3"),
            ("middle([1, 2, 3, 4, 5, 6, 7])", "4"),
        ],
        "n // 2",
    ),
}


@pytest.mark.parametrize("defect", [name for name in DEFECTS if name != "endless"])
def test_a_one_line_defect_is_repaired(tmp_path: Path, defect: str) -> None:
    source, entrypoint, cases, fixed = DEFECTS[defect]
    done = run(tmp_path, source, entrypoint, cases, "-o", "json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    first = told["candidates"][0]
    assert told["fixed"]
    assert fixed in first["code"]
    assert 0 < first["confidence"] <= 1
    assert first["edits"][0]["operator"]
    names: dict[str, Any] = {}
    exec(first["code"], names)
    assert all(repr(eval(call, names)) == expected for call, expected in cases)


def test_the_diff_is_shown_with_the_confidence(tmp_path: Path) -> None:
    source, entrypoint, cases, _ = DEFECTS["comparison"]
    done = run(tmp_path, source, entrypoint, cases)
    assert "-    return age > 18\n+    return age >= 18\n" in done.stdout
    assert "confidence 0." in done.stdout
    assert "candidates, best 100% of the cases" in done.stderr


def test_what_cannot_be_right_is_not_fixed(tmp_path: Path) -> None:
    contradiction = [("adult(1)", "'yes'"), ("adult(1)", "'no'")]
    done = run(tmp_path, DEFECTS["comparison"][0], "adult", contradiction, "--budget-seconds", "1", "-o", "json")
    assert done.exit_code == 3
    told = json.loads(done.stdout)
    assert (told["fixed"], told["candidates"]) == (False, [])
    assert told["evaluated"] > 0


def test_endless_loops_are_searched_within_the_budget(tmp_path: Path) -> None:
    source, entrypoint, cases, _ = DEFECTS["endless"]
    done = run(tmp_path, source, entrypoint, cases, "--budget-seconds", "3", "-o", "json")
    told = json.loads(done.stdout)
    assert told["failures"] == {"Timeout": 1.0}
    assert told["evaluated"] > 30
    assert told["seconds"] < 15
