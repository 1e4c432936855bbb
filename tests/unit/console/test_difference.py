"""Diffs as reviewers read them."""

from __future__ import annotations

from services.console.domain.difference import unified
from tests.unit.console import story


def test_a_diff_shows_the_added_lines_only() -> None:
    diff = unified(story.BASE, story.FIX, "speed.py")
    added = [line for line in diff.splitlines() if line.startswith("+") and not line.startswith("+++")]
    assert added == ["+    if not minutes:", "+        return None"]


def test_the_same_code_has_an_empty_diff() -> None:
    assert unified(story.BASE, story.BASE, "speed.py") == ""
