"""Of functions that people write, one of the first edits repairs every failing call and keeps the good ones."""

from __future__ import annotations

import pytest

from tests.unit.repair.broken_tools import ALL
from tests.unit.repair.recording import Broken, fixes_all, proposals


@pytest.mark.parametrize("broken", ALL, ids=lambda broken: broken.name)
def test_one_of_the_first_twelve_edits_is_right_on_every_call(broken: Broken) -> None:
    edits = proposals(broken)

    assert any(fixes_all(broken, edit.code) for edit in edits[:12])
