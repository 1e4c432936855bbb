"""What the drills call lost, doubled and differing; and that volatile parts, and these alone, are left out."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.chaos.compare import Finding, Kind, Row, Section, compare
from tests.chaos.normalise import content

ROWS = st.builds(Row, st.sampled_from("abc"), st.sampled_from("xyz"))
SECTIONS = st.lists(ROWS, max_size=8).map(Counter)


def counts(findings: list[Finding]) -> dict[Kind, int]:
    return {finding.kind: finding.count for finding in findings}


def judged(expected: Section, found: Section) -> dict[Kind, int]:
    return counts(compare({"table": expected}, {"table": found}))


def test_a_row_that_is_missing_is_lost() -> None:
    assert judged(Counter([Row("a", "x")]), Counter()) == {Kind.LOST: 1}


def test_a_row_one_too_many_is_doubled() -> None:
    assert judged(Counter([Row("a", "x")]), Counter([Row("a", "x"), Row("a", "x")])) == {Kind.DOUBLED: 1}


def test_other_content_about_the_same_thing_is_a_difference() -> None:
    assert judged(Counter([Row("a", "x")]), Counter([Row("a", "y")])) == {Kind.DIFFERING: 1}


def test_failures_are_lost_and_doubled_one_by_one() -> None:
    assert judged(Counter({Row("a"): 7, Row("b"): 1}), Counter({Row("a"): 5, Row("b"): 4})) == {
        Kind.LOST: 2,
        Kind.DOUBLED: 3,
    }


def test_a_section_that_is_missing_altogether_is_lost() -> None:
    assert counts(compare({"table": Counter([Row("a", "x")])}, {})) == {Kind.LOST: 1}


@given(SECTIONS, SECTIONS)
def test_two_runs_agree_if_and_only_if_their_rows_do(expected: Section, found: Section) -> None:
    assert (judged(expected, found) == {}) == (expected == found)


def test_what_depends_on_the_clock_is_left_out_at_any_depth() -> None:
    one = {"promoted_at": "1", "code": "x", "calls": [{"seconds": 1.5, "verdict": "ok"}]}
    other = {"promoted_at": "2", "code": "x", "calls": [{"seconds": 2.5, "verdict": "ok"}]}
    assert content("learning.skill.promoted.v1", one) == content("learning.skill.promoted.v1", other)


def test_what_does_not_is_compared() -> None:
    assert content("fitness.skill", {"code_hash": b"1"}) != content("fitness.skill", {"code_hash": b"2"})


def test_columns_of_bytes_are_compared_by_what_they_say() -> None:
    assert content("console.skills", {"document": b'{"a":1,"b":2}'}) == content(
        "console.skills", {"document": b'{"b":2,"a":1}'}
    )


def test_that_a_case_waits_for_another_is_left_out_of_its_history() -> None:
    began = {"previous": None, "state": "open"}
    waits = {"previous": "open", "state": "open"}
    searching = {"previous": "open", "state": "searching"}
    assert content("console.cases", {"history": [began, waits, searching]}) == content(
        "console.cases", {"history": [began, searching]}
    )
    assert content("console.cases", {"history": [began, searching]}) != content("console.cases", {"history": [began]})


def test_what_was_known_when_a_search_began_is_left_out_and_what_was_learnt_is_compared() -> None:
    known = b'{"entrypoint": "f", "experience": {"guard": {"any": [4, 0]}}}'
    nothing = b'{"entrypoint": "f", "experience": {}}'
    assert content("proposals.search", {"payload": known}) == content("proposals.search", {"payload": nothing})
    learnt = "proposals.operator_experience"
    assert content(learnt, {"tried": Decimal("4.0")}) != content(learnt, {"tried": Decimal("8.0")})


def counted(executions: int, before: int) -> dict[str, object]:
    canary = {"executions": executions, "good": executions, "before_executions": before, "needed": 20}
    return {"state": "canary", "canary": canary}


def test_what_was_before_a_version_is_left_out_at_its_promotion_alone() -> None:
    place = "learning.case.changed.v1"
    assert content(place, counted(0, before=120)) == content(place, counted(0, before=160))
    assert content(place, counted(1, before=120)) != content(place, counted(1, before=160))
    assert content(place, counted(1, before=160)) != content(place, counted(2, before=160))


def test_what_was_counted_until_a_rollback_came_is_left_out() -> None:
    place = "learning.case.changed.v1"
    one, other = ({**counted(number, before=160), "state": "rolled_back"} for number in (5, 9))
    assert content(place, one) == content(place, other)
