"""A case's search is told from its generations, in whatever order their topics were read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.envelope import Event
from services.console.domain.candidate import CandidateState
from services.console.domain.generation import Generation
from services.console.domain.story.lineage import SIBLINGS
from services.console.domain.story.telling import Story, told
from tests.unit.console import searched
from tests.unit.console.story import event
from tests.unit.console.test_changes import fold


def generations(events: list[Event[Any]]) -> list[Generation]:
    return [document for document in fold(events).values() if isinstance(document, Generation)]


def tell(events: list[Event[Any]]) -> Story:
    story = told(generations(events), {})
    assert story is not None
    return story


STORY = tell(searched.search())


def test_there_is_no_story_before_anything_was_searched() -> None:
    assert told([], {}) is None


@given(st.permutations(searched.search()))
def test_every_order_of_the_events_tells_the_same_story(events: list[Event[Any]]) -> None:
    assert tell(events) == STORY


@pytest.mark.parametrize("known", range(1, len(searched.search())))
def test_a_story_is_told_while_it_happens(known: int) -> None:
    assert tell(searched.search()[:known]).round == 1
    assert tell(searched.search()[known:]).round == 1


def test_the_line_that_only_failing_calls_ran_is_the_most_suspected() -> None:
    found = STORY.localisation
    assert found is not None
    assert [(it.line, it.suspicion) for it in found.lines] == [(5, 1.0), (4, 0.707)]
    assert STORY.statements == {4: "hours = minutes / 60", 5: "return km / hours"}
    assert [(it.function, it.line, it.error, it.calls) for it in found.frames] == [("speed", 5, "ZeroDivisionError", 1)]


def test_lines_are_counted_as_python_counts_them() -> None:
    first, *rest = searched.search()
    assert first.data is not None
    odd = event(first.data.model_copy(update={"module_source": f"s = '\x0c\u2028'\r\n\r{searched.MODULE[13:]}"}))
    assert tell([odd, *rest]).statements == {4: "hours = minutes / 60", 5: "return km / hours"}


def test_before_calls_were_watched_the_failures_seen_again_say_where() -> None:
    found = tell(searched.search()[:2]).localisation
    assert found is not None
    assert found.lines == ()
    assert [it.statement for it in found.frames] == ["return km / hours"]


def test_the_curve_never_falls_and_counts_what_each_generation_tried() -> None:
    assert [(it.generation, it.tried, it.best_so_far) for it in STORY.generations] == [
        (0, 0, None),
        (1, 1 + len(searched.FAR), 0.5),
        (2, 2, 0.9),
    ]
    assert STORY.tried == 3 + len(searched.FAR)


def test_an_edit_of_two_steps_counts_for_both_operators() -> None:
    tallies = {it.operator: (it.tried, it.plausible, it.closest) for it in STORY.operators}
    assert tallies == {"constant": (2, 1, 0.7), "guard": (2, 2, None), "wrong_name": (len(searched.FAR), 0, None)}


def test_the_unmodified_skill_is_no_candidate() -> None:
    assert searched.BASE.candidate_id not in {node.candidate_id for node in STORY.lineage}


def test_the_chosen_one_ranks_first_and_the_reason_is_what_set_it_apart() -> None:
    assert [it.score.candidate_id for it in STORY.ranking] == [
        searched.RIGHT.candidate_id,
        searched.RISKY.candidate_id,
    ]
    assert STORY.choice is not None
    assert STORY.choice.because[-1] == "of 2 plausible ones its risk is 0.10, and that of the next 0.60"
    assert "it is right on 2 of 2 held-out calls, which the search never saw" in STORY.choice.because


def test_a_candidate_hangs_below_the_version_whose_steps_it_goes_on_from() -> None:
    nodes = {node.candidate_id: node for node in STORY.lineage}
    right = nodes[searched.RIGHT.candidate_id]
    assert (right.parent, right.depth, right.operator) == (searched.NEARER.candidate_id, 2, "guard")
    assert nodes[searched.RISKY.candidate_id].parent is None
    assert nodes[None].closeness == 0.2


def test_the_line_of_the_chosen_one_comes_first_and_what_is_cut_is_counted() -> None:
    root, first, second, *_ = STORY.lineage
    assert (first.candidate_id, second.candidate_id) == (searched.NEARER.candidate_id, searched.RIGHT.candidate_id)
    assert second.chosen
    assert root.cut == 2 + len(searched.FAR) - SIBLINGS


def test_what_people_decided_is_the_state_of_a_node() -> None:
    states = {searched.RIGHT.candidate_id: CandidateState.ROLLED_BACK}
    story = told(generations(searched.search()), states)
    assert story is not None
    assert [node.state for node in story.lineage if node.chosen] == [CandidateState.ROLLED_BACK]


def test_the_last_round_is_told() -> None:
    again = searched.proposed(searched.NEARER, generation=1, round_=2)
    told_again = tell([*searched.search(), event(again)])
    assert (told_again.round, told_again.tried, told_again.choice) == (2, 1, None)
