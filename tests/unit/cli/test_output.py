"""Nothing that comes from an event can drive a terminal."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.cli.output import Format, print_code, print_json, print_rows
from autodev.visible import visible


@given(st.text(st.characters(codec="utf-8")))
def test_visible_text_holds_no_control_and_no_direction_mark(text: str) -> None:
    categories = {unicodedata.category(character) for character in visible(text)}
    assert categories.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_markup_is_shown_and_not_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(Format.TABLE, [{"a": "[red]x[/red] :boom:\x1b[2J"}], ["a"], empty="")
    assert "[red]x[/red] :boom:\\x1b[2J" in capsys.readouterr().out


def test_json_holds_every_field_and_not_only_the_columns(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(Format.JSON, [{"a": 1, "b": None}], ["a"], empty="")
    assert json.loads(capsys.readouterr().out) == [{"a": 1, "b": None}]


def test_json_of_hostile_text_is_exact_and_holds_no_control(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "ä \x1b[2J \x7f \x9b31m \u202e \U000e0001 \n\t\x00"
    print_json({"a": hostile})
    written = capsys.readouterr().out
    assert json.loads(written) == {"a": hostile}
    assert all(character == "\n" or visible(character) == character for character in written)


def test_no_rows_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(Format.TABLE, [], ["a"], empty="no cases")
    assert capsys.readouterr().out.strip() == "no cases"


def test_code_keeps_its_lines_and_shows_its_controls(capsys: pytest.CaptureFixture[str]) -> None:
    print_code("a\n\tb\x1b]0;title\x07\n", "python")
    assert capsys.readouterr().out == "a\n\tb\\x1b]0;title\\x07\n"
