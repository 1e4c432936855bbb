"""KEY=VALUE as one types it."""

from __future__ import annotations

import pytest

from autodev.cli.exits import CommandError
from autodev.cli.workspace import parse_setting


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("enabled=true", ("enabled", True)),
        ("enabled=False", ("enabled", False)),
        ("failure_threshold=3", ("failure_threshold", 3)),
        ("failure_threshold=-1", ("failure_threshold", -1)),
    ],
)
def test_a_value_is_a_truth_value_or_a_number(text: str, setting: tuple[str, bool | int]) -> None:
    assert parse_setting(text) == setting


@pytest.mark.parametrize("text", ["", "enabled", "=true", "enabled=", "enabled=yes", "limit=1.5"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(CommandError, match="is no setting"):
        parse_setting(text)
