"""Who may learn: fail closed, with the way out."""

from __future__ import annotations

import pytest

from autodev.events.models.workspace import AutoDevSettings, Maturity
from autodev.ids import AgentId, TenantId
from services.proposals.domain.gate import refusal

ON = AutoDevSettings(enabled=True)


def refused(settings: AutoDevSettings, maturity: Maturity) -> str | None:
    return refusal(TenantId("acme"), AgentId("scout"), settings, maturity)


def test_a_workspace_that_did_not_opt_in_is_refused() -> None:
    reason = refused(AutoDevSettings(), Maturity.AUTONOMOUS)
    assert reason is not None
    assert "autodev workspace set enabled=true" in reason


def test_a_workspace_can_switch_memento_off() -> None:
    assert "memento_skills" in (refused(AutoDevSettings(enabled=True, memento_skills=False), Maturity.INTERN) or "")


def test_a_student_is_refused_and_told_what_would_help() -> None:
    assert "autodev agents grant scout intern" in (refused(ON, Maturity.STUDENT) or "")


@pytest.mark.parametrize("maturity", [Maturity.INTERN, Maturity.SUPERVISED, Maturity.AUTONOMOUS])
def test_an_intern_or_better_may_learn(maturity: Maturity) -> None:
    assert refused(ON, maturity) is None
