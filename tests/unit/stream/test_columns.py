"""Texts of one column travel as one; none may come apart otherwise than it went in."""

from __future__ import annotations

import pytest

from autodev.stream.postgres.columns import joined


def test_texts_are_told_apart_by_a_character_that_none_of_them_holds() -> None:
    assert joined(["anna", "'; --", 'ä{},"\\ NULL']).split("\x1f") == ["anna", "'; --", 'ä{},"\\ NULL']
    assert joined(["alone"]) == "alone"


@pytest.mark.parametrize("column", [["a\x1fb"], ["a", "\x1f"], ["a", "", "b"], [""]])
def test_texts_that_would_come_apart_otherwise_are_refused(column: list[str]) -> None:
    with pytest.raises(ValueError, match="empty or holds"):
        joined(column)
