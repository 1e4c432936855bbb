from __future__ import annotations

import pytest

from autodev.events.models.failure import LearningRequested
from autodev.ids import AgentId, CaseId, TenantId, case_id
from services.analysis.domain.state import PartitionState
from services.analysis.domain.windows import Windowing
from services.analysis.domain.words import MAX_LEADERS, MAX_WORDS, overlap, words_of
from tests.unit.analysis.failures import NOON, complaint, fold, only


def cases(state: PartitionState, agent: str = "agent") -> list[CaseId]:
    return list(state.tenant(TenantId("acme")).leaders[AgentId(agent)])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("send the invoice", "SEND THE INVOICE", 1.0),
        ("send the invoice", "send the report", 2 / 3),
        ("send the invoice now please", "send mail", 1 / 5),
        ("", "", 1.0),
        ("", "words", 0.0),
    ],
)
def test_overlap_is_the_shared_share_of_the_longer_set(one: str, other: str, expected: float) -> None:
    assert overlap(words_of(one), words_of(other)) == pytest.approx(expected)


def test_similar_descriptions_are_one_pattern_and_ask_for_learning() -> None:
    (request,) = only(
        LearningRequested, fold([complaint(NOON, "send the invoice"), complaint(NOON, "send the invoice again")])
    )

    assert request.signature.startswith("words:")
    assert request.case_id == case_id(TenantId("acme"), AgentId("agent"), request.signature)


def test_descriptions_that_share_less_than_half_are_two_patterns() -> None:
    assert not only(LearningRequested, fold([complaint(NOON, "send the invoice"), complaint(NOON, "book a flight")]))


def test_a_failure_joins_its_nearest_leader_and_not_the_first_near_one() -> None:
    state = PartitionState(Windowing())
    fold([complaint(NOON, "a b c d"), complaint(NOON, "a x y z")], state)
    joined = fold([complaint(NOON, "a x y d")], state)

    (request,) = only(LearningRequested, joined)
    assert request.case_id == cases(state)[1]


def test_being_similar_is_not_passed_on_from_member_to_member() -> None:
    state = PartitionState(Windowing())
    fold([complaint(NOON, "a b"), complaint(NOON, "b c"), complaint(NOON, "c d")], state)

    assert len(cases(state)) == 2, "the third shares a word with the second, which leads nothing"


def test_agents_of_one_tenant_have_leaders_of_their_own() -> None:
    state = PartitionState(Windowing())
    results = fold([complaint(NOON, "send mail", agent="one"), complaint(NOON, "send mail", agent="other")], state)

    assert not only(LearningRequested, results)
    assert cases(state, "one") != cases(state, "other")


def test_the_leader_that_was_not_joined_for_longest_gives_way() -> None:
    state = PartitionState(Windowing())
    fold([complaint(NOON, f"word{number}") for number in range(MAX_LEADERS)], state)
    first, second = cases(state)[:2]
    fold([complaint(NOON, "word0"), complaint(NOON, "another")], state)

    assert len(cases(state)) == MAX_LEADERS
    assert first in cases(state)
    assert second not in cases(state)
    gone = [key.case for key, leader in state.take_changes().leaders.items() if leader is None]
    assert gone == [second]


def test_only_the_first_words_of_a_description_are_compared() -> None:
    assert len(words_of(" ".join(str(number) for number in range(1_000)))) == MAX_WORDS
