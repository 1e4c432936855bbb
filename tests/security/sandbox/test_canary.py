"""The canary sings where isolation works."""

from __future__ import annotations

import pytest

from autodev.sandbox import Engine, prove

pytestmark = pytest.mark.isolation


async def test_every_control_holds_here(engine: Engine) -> None:
    report = await prove(engine)

    assert {control.name: control.evidence for control in report.controls if not control.held} == {}
    assert len(report.controls) == 14
