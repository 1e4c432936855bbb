"""Read models are folds that give the same documents in whatever order the topics come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.catalogue import SUBSCRIPTIONS
from autodev.events.envelope import Event
from autodev.events.models.case import CaseState
from autodev.ids import TenantId
from services.console.domain.candidate import Candidate, CandidateState
from services.console.domain.case import Case
from services.console.domain.changes import changes_of
from services.console.domain.document import Document
from services.console.domain.pattern import Pattern
from services.console.domain.skill import Skill
from tests.unit.console import story

Documents = dict[tuple[type[Document], TenantId, str], Document]
STORY = story.whole_story()


def fold(events: Iterable[Event[Any]]) -> Documents:
    documents: Documents = {}
    for event in events:
        for change in changes_of(event):
            key = (type(change.start), change.start.tenant_id, change.start.key)
            documents[key] = change.fold(documents.get(key, change.start))
    return documents


def candidate(events: Iterable[Event[Any]], key: str = story.GOOD) -> Candidate:
    found = fold(events)[Candidate, story.TENANT, key]
    assert isinstance(found, Candidate)
    return found


@st.composite
def reordered_topics(draw: st.DrawFn) -> list[Event[Any]]:
    """The story with its topics read in any interleaving, each topic in its own order."""
    topics: dict[str, list[Event[Any]]] = defaultdict(list)
    for event in STORY:
        topics[event.type.topic.name].append(event)
    turns = draw(st.permutations([event.type.topic.name for event in STORY]))
    return [topics[topic].pop(0) for topic in turns]


@given(reordered_topics())
def test_every_order_of_the_topics_gives_the_same_documents(events: list[Event[Any]]) -> None:
    assert fold(events) == fold(STORY)


@given(reordered_topics(), st.data())
def test_an_event_that_comes_again_at_once_changes_nothing(events: list[Event[Any]], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(events) - 1))
    assert fold([*events[: index + 1], *events[index:]]) == fold(events)


def test_every_topic_of_the_console_changes_a_document() -> None:
    shown = {event.type.topic.name for event in STORY if list(changes_of(event))}
    assert shown == {topic.name for topic in SUBSCRIPTIONS["console"]}


def test_a_case_shows_its_last_state_and_its_way() -> None:
    case = fold(STORY)[Case, story.TENANT, story.CASE]
    assert isinstance(case, Case)
    assert case.state is CaseState.OPEN
    assert [step.state.value for step in case.history] == [
        "open",
        "searching",
        "awaiting_approval",
        "canary",
        "rolled_back",
        "canary",
        "open",
    ]


def test_a_higher_revision_replaces_a_window() -> None:
    pattern = fold(STORY)[Pattern, story.TENANT, story.CASE]
    assert isinstance(pattern, Pattern)
    assert [(window.count, window.revision) for window in pattern.windows] == [(3, 2)]


def test_the_run_of_the_unmodified_skill_is_no_candidate() -> None:
    kinds = [key for kind, _, key in fold(STORY) if kind is Candidate]
    assert sorted(kinds) == sorted([story.GOOD, story.BAD])


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([story.event(story.proposed(story.FIX))], CandidateState.PENDING),
        ([story.event(story.scored(story.score(story.GOOD, plausible=True)))], CandidateState.VALIDATED),
        ([story.event(story.scored(story.score(story.GOOD, plausible=False)))], CandidateState.FAILED),
        ([story.event(story.requested_approval()), story.event(story.reviewed(approved=False), 1)], "rejected"),
        ([story.event(story.promoted())], CandidateState.PROMOTED),
        ([story.event(story.promoted()), story.event(story.withdrawn(), 1)], CandidateState.ROLLED_BACK),
    ],
)
def test_a_candidate_is_in_the_state_that_its_events_say(events: list[Event[Any]], state: CandidateState) -> None:
    assert candidate(events).state == state


def test_a_candidate_approved_again_after_its_withdrawal_is_promoted() -> None:
    assert candidate(STORY).state is CandidateState.PROMOTED


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_what_was_withdrawn_is_told_by_its_version_whatever_the_clocks_said(seconds: float) -> None:
    first = story.event(story.promoted("1.0.0"))
    gone = story.event(story.withdrawn("1.0.0"), seconds)
    again = story.event(story.promoted("1.0.1"), -seconds)
    assert candidate([first, gone]).state is CandidateState.ROLLED_BACK
    assert candidate([gone, first]).state is CandidateState.ROLLED_BACK
    assert candidate([first, gone, again]).state is CandidateState.PROMOTED
    assert candidate([first, again, gone]).state is CandidateState.PROMOTED


def test_asking_again_makes_a_rejected_candidate_reviewable() -> None:
    rejected = [
        story.event(story.scored(story.score(story.GOOD, plausible=True))),
        story.event(story.requested_approval(), 1),
        story.event(story.reviewed(approved=False), 2),
    ]
    assert candidate([*rejected, story.event(story.requested_approval(), 3)]).awaits_approval


def test_a_score_of_an_earlier_round_changes_nothing() -> None:
    later = story.event(story.scored(story.score(story.GOOD, plausible=True), round_=2))
    earlier = story.event(story.scored(story.score(story.GOOD, plausible=False), round_=1))
    assert candidate([later, earlier]).state is CandidateState.VALIDATED


def test_a_tombstone_leaves_a_skill_without_a_current_version() -> None:
    skill = fold([story.event(story.promoted()), story.tombstone()])[Skill, story.TENANT, story.SKILL]
    assert isinstance(skill, Skill)
    assert skill.current is None
    assert [version.version for version in skill.versions] == ["1.0.0"]


def test_a_tombstone_with_a_foreign_key_is_refused() -> None:
    with pytest.raises(ValueError, match="string"):
        list(changes_of(replace(story.tombstone(), key="no slash and\x00 worse")))


def test_tenants_never_share_a_document() -> None:
    theirs = story.promoted().model_copy(update={"tenant_id": "globex"})
    found = fold([story.event(story.promoted()), story.event(theirs)])
    assert {tenant for _, tenant, _ in found} == {"acme", "globex"}
