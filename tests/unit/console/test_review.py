"""What a person may decide, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from autodev.events.envelope import Event
from services.console.domain.candidate import Candidate
from services.console.domain.changes import changes_of
from services.console.domain.document import after
from services.console.domain.review import RefusedError, check_approvable, check_rejectable, withdrawable
from services.console.domain.skill import Skill
from tests.unit.console import story

PLAUSIBLE = story.event(story.scored(story.score(story.GOOD, plausible=True)))
REQUESTED = story.event(story.requested_approval(), 1)
APPROVED = story.event(story.reviewed(approved=True), 2)
PROMOTED = story.event(story.promoted(), 2)
WITHDRAWN = story.event(story.withdrawn(), 3)
APPROVED_AGAIN = story.event(story.reviewed(approved=True), 4)


def candidate(*events: Event[Any]) -> Candidate:
    document = Candidate(tenant_id=story.TENANT, case_id=story.CASE, candidate_id=story.GOOD)
    for event in events:
        for change in changes_of(event):
            if isinstance(change.start, Candidate):
                document = change.fold(document)
    return document


@pytest.mark.parametrize(
    "events", [(PLAUSIBLE, REQUESTED), (PLAUSIBLE, REQUESTED, APPROVED, PROMOTED, WITHDRAWN)], ids=["asked", "gone"]
)
def test_a_requested_and_a_rolled_back_candidate_can_be_approved(events: Sequence[Event[Any]]) -> None:
    check_approvable(candidate(*events))


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ((), "no scored sandbox run"),
        ((REQUESTED,), "no scored sandbox run"),
        ((PLAUSIBLE,), "not asked for"),
        ((story.event(story.scored(story.score(story.GOOD, plausible=False))), REQUESTED), "it is failed"),
        ((PLAUSIBLE, REQUESTED, APPROVED), "ada has approved it already"),
        ((PLAUSIBLE, REQUESTED, story.event(story.reviewed(approved=False), 2)), "ada has rejected it already"),
        ((PLAUSIBLE, REQUESTED, APPROVED, PROMOTED), "it is promoted"),
        ((PLAUSIBLE, REQUESTED, APPROVED, PROMOTED, WITHDRAWN, APPROVED_AGAIN), "ada has approved it already"),
    ],
)
def test_any_other_candidate_is_not_approved(events: Sequence[Event[Any]], why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        check_approvable(candidate(*events))


def test_a_validated_candidate_can_be_rejected() -> None:
    check_rejectable(candidate(PLAUSIBLE))


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ((), "it is pending"),
        ((PLAUSIBLE, REQUESTED, APPROVED), "approved it already"),
        ((PLAUSIBLE, REQUESTED, APPROVED, PROMOTED), "it is promoted"),
        ((PLAUSIBLE, PROMOTED, WITHDRAWN), "it is rolled_back"),
    ],
)
def test_any_other_candidate_is_not_rejected(events: Sequence[Event[Any]], why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        check_rejectable(candidate(*events))


def test_a_skill_without_a_promoted_version_is_not_withdrawn() -> None:
    with pytest.raises(RefusedError, match="no promoted version"):
        withdrawable(Skill(tenant_id=story.TENANT, skill=story.SKILL))


def test_a_decision_comes_after_what_it_answers_though_the_agents_clock_runs_ahead() -> None:
    assert after(story.at(0), story.at(5), None) == story.at(5) + timedelta(microseconds=1)
    assert after(story.at(9), story.at(5)) == story.at(9)


def test_nothing_comes_after_the_calendars_last_moment() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    assert after(story.at(0), last) == last
