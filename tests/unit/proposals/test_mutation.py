"""Which edits a search by mutation proposes, from what it has seen."""

from __future__ import annotations

import ast
from dataclasses import replace

from autodev.events.models.call import Arguments, Expectation, Returned
from autodev.events.models.search import Candidate, Ended, EvidenceCall, Role, Seen, SeenCall, Share
from autodev.ids import CallId, CandidateId, Sha256, sha256
from autodev.repair import fingerprint
from autodev.repair.search.experience import Experience, as_document
from services.proposals.domain.generation import UNMODIFIED
from services.proposals.domain.seen import MAX_EDITS, MOST, edits_in, gathered, joined
from services.proposals.engines.engine import SearchRequest
from services.proposals.engines.mutation import MutationEngine

SOURCE = "def adult(age):\n    if age > 18:\n        return True\n    return False\n"
FIXED = SOURCE.replace(">", ">=")


def call(name: str, age: int, *, good: bool) -> EvidenceCall:
    return EvidenceCall(
        call_id=CallId(name),
        role=Role.PASSING if good else Role.FAILING,
        share=Share.SEARCH,
        arguments=Arguments(args=(age,)),
        recorded=Returned(value=age > 18),
        expected=None if good else Expectation(value=age >= 18),
    )


CALLS = (call("wrong", 18, good=False), call("good", 30, good=True))


def version(code: str | None, *ended: Ended, closeness: float = 0.5, operator: str = UNMODIFIED) -> Seen:
    return Seen(
        candidate=Candidate(
            candidate_id=CandidateId(sha256(code) if code else "base"),
            code=code,
            code_hash=Sha256("a" * 64),
            operator=operator,
            description="an edit",
            size=1,
            risk=0.1,
        ),
        closeness=closeness,
        calls=tuple(
            SeenCall(call_id=each.call_id, ended=end, lines=(1, 2, 3) if end is Ended.RIGHT else (2, 4))
            for each, end in zip(CALLS, ended, strict=True)
        ),
    )


BASE = version(None, Ended.WRONG, Ended.RIGHT)
REQUEST = SearchRequest(SOURCE, "adult", (), CALLS, frozenset(), 63, (BASE,))


def test_nothing_is_proposed_before_the_unmodified_skill_was_watched() -> None:
    assert MutationEngine().propose(replace(REQUEST, seen=())) == ()


def test_the_right_edit_is_among_the_first_and_all_are_functions_of_that_name() -> None:
    codes = [edit.code for edit in MutationEngine().propose(REQUEST)]
    assert fingerprint(FIXED) in [fingerprint(code) for code in codes[:10]]
    assert {ast.parse(code).body[0].name for code in codes} == {"adult"}  # type: ignore[attr-defined]


def test_no_code_is_proposed_twice_nor_what_is_known() -> None:
    marks = [fingerprint(edit.code) for edit in MutationEngine().propose(REQUEST)]
    rest = MutationEngine().propose(replace(REQUEST, known=frozenset(marks)))
    assert len(marks) == len(set(marks)) == REQUEST.limit
    assert not set(marks) & {fingerprint(edit.code) for edit in rest}


def test_a_process_that_starts_anew_proposes_the_same() -> None:
    engine = MutationEngine()
    assert engine.propose(REQUEST) == engine.propose(REQUEST) == MutationEngine().propose(REQUEST)


def test_what_the_workspace_found_right_comes_earlier() -> None:
    engine = MutationEngine()
    operators = [edit.operator for edit in engine.propose(REQUEST)]
    late = operators[-1]
    own = Experience()
    own.tried(late, 100, {"wrong_value": 1.0})
    own.tried(operators[0], 300, {"wrong_value": 1.0})
    own.was_right(late, 20, {"wrong_value": 1.0})
    moved = [edit.operator for edit in engine.propose(replace(REQUEST, experience=as_document(own)))]
    assert moved.index(late) < operators.index(late)


def test_edits_of_a_version_that_came_further_build_on_it_and_say_so() -> None:
    nearer = version(
        "def adult(age):\n    return age > 18\n", Ended.WRONG, Ended.RIGHT, closeness=0.9, operator="unwrapped"
    )
    found = MutationEngine().propose(replace(REQUEST, seen=(BASE, nearer), limit=200))
    assert any(edit.operator == "unwrapped + comparison" and "age >= 18" in edit.code for edit in found)


def test_a_module_that_does_not_parse_gets_no_edits() -> None:
    assert MutationEngine().propose(replace(REQUEST, module_source="def adult(")) == ()


def test_of_versions_that_behave_alike_the_first_is_kept_and_the_unmodified_skill_is_the_first_of_all() -> None:
    again = version("other", Ended.RIGHT, Ended.WRONG, closeness=0.7, operator="a")
    alike = version("another", Ended.RIGHT, Ended.WRONG, closeness=0.8, operator="b")
    assert gathered((), (BASE, again, alike)) == (BASE, again)


def test_nothing_is_kept_of_what_came_no_further_or_has_as_many_edits_as_may_be() -> None:
    no_further = version("other", Ended.RIGHT, Ended.WRONG, operator="a")
    most = version("third", Ended.RIGHT, Ended.WRONG, closeness=0.9, operator=joined(*"abc"))
    assert edits_in(most) == MAX_EDITS
    assert gathered((BASE,), (no_further, most)) == (BASE,)


def test_without_the_unmodified_skill_there_is_nothing_to_compare_with() -> None:
    assert gathered((), (version("other", Ended.RIGHT, Ended.WRONG, closeness=0.9, operator="a"),)) == ()


def test_no_more_versions_are_kept_than_a_search_can_go_on_from() -> None:
    many = [
        version(f"v{n}", Ended.RAISED, Ended.RIGHT, closeness=0.9, operator="a").model_copy(
            update={"calls": (SeenCall(call_id=CallId("wrong"), ended=Ended.RAISED, error=f"E{n}"),)}
        )
        for n in range(2 * MOST)
    ]
    assert len(gathered((BASE,), many)) == MOST
