"""What `autodev cases show` and `report` make of a search's story."""

from __future__ import annotations

from typing import Any

import pytest

from autodev.cli.case_picture import picture
from autodev.cli.story import curve_lines, cut, print_story, tree_lines
from tests.unit.console.test_report import HOSTILE, hostile
from tests.unit.console.test_search_story import STORY

FACTS: dict[str, Any] = STORY.model_dump(mode="json") | {"statements": {"4": "hours = minutes / 60", "5": "x"}}
HOSTILE_FACTS: dict[str, Any] = hostile()[1].model_dump(mode="json")
CASE = {"error_type": HOSTILE, "skill": "$\\frac{$", "agent_id": "planner", "state": "searching"}


def test_the_story_has_every_chapter(capsys: pytest.CaptureFixture[str]) -> None:
    print_story(FACTS)
    printed = capsys.readouterr().out
    chapters = ["suspected lines", "search, round 1", "operators", "plausible candidates", "why this one", "lineage"]
    places = [printed.index(chapter) for chapter in chapters]
    assert places == sorted(places)
    assert "hours = minutes / 60" in printed
    assert "- of 2 plausible ones its risk is 0.10" in printed


def test_the_curve_is_a_bar_a_generation() -> None:
    before, _, after = curve_lines(FACTS["generations"])
    assert "#" not in before
    assert f"|{'#' * 36}....|" in after
    assert after.endswith("promoted, 2 plausible")


def test_a_child_is_indented_below_its_parent_and_cut_ones_are_counted_after_the_rest() -> None:
    root, nearer, right, *_, last = tree_lines(FACTS["lineage"])
    assert root.startswith("unmodified (closeness 0.200)")
    assert nearer.startswith("   constant (failed, fitness 0.500, closeness 0.700, generation 1)")
    assert right.startswith("      guard (")
    assert "<- chosen" in right
    assert last == "   … 10 more"


def test_what_is_cut_below_a_node_is_told_before_its_sibling() -> None:
    node = FACTS["lineage"][1]
    parent, child, sibling = node | {"depth": 1, "cut": 3}, node | {"depth": 2, "cut": 0}, node | {"depth": 1, "cut": 0}
    assert [line.strip()[:3] for line in tree_lines([parent, child, sibling])] == ["con", "con", "… 3", "con"]


def test_long_lists_keep_both_ends_and_the_count_of_the_rest() -> None:
    assert cut(list("abcdef"), 2, 1) == ["a", "b", "      … 3 more", "f"]
    assert cut(list("abc"), 2, 1) == ["a", "b", "c"]
    assert cut(list("abcd"), 2, 0) == ["a", "b", "      … 2 more"]


def test_no_control_character_of_a_guest_reaches_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_story(HOSTILE_FACTS)
    printed = capsys.readouterr().out
    assert "evil.example" in printed
    assert not {character for character in printed if character != "\n" and not character.isprintable()}


@pytest.mark.parametrize("facts", [FACTS, HOSTILE_FACTS])
def test_a_picture_is_a_png_whatever_the_labels_hold(facts: dict[str, Any]) -> None:
    assert picture(CASE, facts).startswith(b"\x89PNG\r\n")


def test_a_search_without_any_score_has_a_picture_too() -> None:
    bare = FACTS | {"generations": [], "lineage": FACTS["lineage"][:1]}
    assert picture(CASE, bare).startswith(b"\x89PNG\r\n")
