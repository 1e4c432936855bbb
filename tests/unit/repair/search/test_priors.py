"""What an edit is worth before it is tried: levels by hand, moved by experience."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.repair.search.experience import Experience, as_document, from_document
from autodev.repair.search.priors import LEARNT, PRIORS, Priors, shipped

operators = st.sampled_from(["comparison", "wrapped_call", "guard", "unheard_of"])
errors = st.sampled_from(["wrong_value", "IndexError", "any"])
counts = st.tuples(st.integers(0, 5000), st.integers(0, 50))
experiences = st.dictionaries(operators, st.dictionaries(errors, counts, min_size=1), max_size=4).map(from_document)


def test_without_experience_the_levels_set_by_hand_hold() -> None:
    assert Priors(Experience()).of("comparison", {}) == PRIORS["comparison"]


def test_an_operator_that_is_right_more_often_than_thought_rises_and_the_others_fall() -> None:
    experience = Experience()
    for operator in ("guard", "comparison"):
        experience.tried(operator, 10_000, {"ValueError": 1.0})
    experience.was_right("guard", 200.0, {"ValueError": 1.0})
    priors = Priors(experience)
    assert priors.of("guard", {}) > PRIORS["guard"]
    assert priors.of("comparison", {}) < PRIORS["comparison"]


def test_what_helps_against_one_failure_says_little_of_another() -> None:
    experience = Experience()
    experience.tried("guard", 8_000, {"IndexError": 0.5, "TypeError": 0.5})
    experience.was_right("guard", 40.0, {"IndexError": 1.0})
    experience.tried("comparison", 8_000, {"wrong_value": 1.0})
    experience.was_right("comparison", 40.0, {"wrong_value": 1.0})
    priors = Priors(experience)
    assert priors.of("guard", {"IndexError": 1.0}) > priors.of("guard", {"TypeError": 1.0})


@given(experiences, operators, st.dictionaries(errors, st.floats(0.01, 1.0), max_size=3))
def test_a_prior_is_always_a_usable_weight(experience: Experience, operator: str, failed: dict[str, float]) -> None:
    shares = {error: share / sum(failed.values()) for error, share in failed.items()}
    assert 0.0 < Priors(experience).of(operator, shares) <= 1.0


@given(experiences, experiences)
def test_experiences_of_two_searches_add_up(one: Experience, other: Experience) -> None:
    both = one.plus(other)
    for key in both.counts:
        assert both.of(*key).tried == one.of(*key).tried + other.of(*key).tried
        assert both.of(*key).right == one.of(*key).right + other.of(*key).right


@given(experiences)
def test_an_experience_survives_being_written(experience: Experience) -> None:
    assert from_document(json.loads(json.dumps(as_document(experience)))) == experience


def test_what_is_shipped_says_what_it_was_learnt_from() -> None:
    document = json.loads(LEARNT.read_text(encoding="utf-8"))
    assert document["programs"] > 0
    assert set(document) >= {"programs", "from", "by", "operators"}
    assert shipped().of("comparison", {"wrong_value": 1.0}) > shipped().of("wrapped_call", {"wrong_value": 1.0})


def test_a_document_of_another_kind_is_refused() -> None:
    with pytest.raises((TypeError, ValueError)):
        from_document({"comparison": {"any": ["many", "few"]}})


def test_what_ten_searches_of_a_workspace_found_right_outweighs_what_is_shipped() -> None:
    own = Experience()
    for _ in range(10):
        for operator in ("wrong_callee", "comparison", "constant_number"):
            own.tried(operator, 10, {"wrong_value": 1.0})
        own.was_right("wrong_callee", 1.0, {"wrong_value": 1.0})
    before, after = shipped(), shipped().moved_by(own)
    failed = {"wrong_value": 1.0}
    assert before.of("wrong_callee", failed) < before.of("comparison", failed)
    assert after.of("wrong_callee", failed) > after.of("comparison", failed)


def test_a_workspace_without_experience_goes_by_what_is_shipped() -> None:
    nothing = shipped().moved_by(Experience())
    for operator in PRIORS:
        assert nothing.of(operator, {}) == pytest.approx(shipped().of(operator, {}))
        assert nothing.of(operator, {"IndexError": 1.0}) == pytest.approx(shipped().of(operator, {"IndexError": 1.0}))


@given(experiences, operators, errors)
def test_a_prior_moved_by_ones_own_is_a_usable_weight_too(experience: Experience, operator: str, error: str) -> None:
    assert 0.0 < shipped().moved_by(experience).of(operator, {error: 1.0}) <= 1.0
