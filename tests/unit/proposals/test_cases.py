"""The states of a case."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.models.case import CaseState
from autodev.ids import AgentId, CaseId, Sha256, TenantId
from services.proposals.domain.case import ENDED, TRANSITIONS, Case, IllegalTransitionError, changed

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def case(state: CaseState = CaseState.OPEN) -> Case:
    return Case(
        tenant_id=TenantId("acme"),
        agent_id=AgentId("scout"),
        case_id=CaseId("c1"),
        signature="s1",
        error_type="ValueError",
        skill=None,
        round=1,
        state=state,
        reason="2 failures within 300 s",
        generation=3,
        tried=20,
        first_failure_at=NOW,
        promoted=Sha256("f" * 64),
    )


@given(before=st.sampled_from(CaseState), after=st.sampled_from(CaseState))
def test_only_the_steps_of_the_table_are_possible(before: CaseState, after: CaseState) -> None:
    if after in TRANSITIONS[before]:
        assert case(before).to(after, "because").state is after
    else:
        with pytest.raises(IllegalTransitionError):
            case(before).to(after, "because")


def test_every_state_has_a_way_on() -> None:
    assert set(TRANSITIONS) == set(CaseState)
    assert all(TRANSITIONS.values())


@pytest.mark.parametrize("state", sorted(ENDED))
def test_a_failure_that_comes_back_opens_an_ended_case_for_a_new_round(state: CaseState) -> None:
    reopened = case(state).reopened("came back")
    assert (reopened.state, reopened.round, reopened.generation, reopened.tried) == (CaseState.OPEN, 2, 0, 0)
    assert reopened.promoted is None


def test_a_change_says_what_the_case_was_and_is() -> None:
    told = changed(case(CaseState.SEARCHING), CaseState.OPEN, NOW)
    assert (told.previous, told.state, told.case_id, told.reason) == (
        "open",
        "searching",
        "c1",
        "2 failures within 300 s",
    )
