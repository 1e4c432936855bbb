"""Which cases of a program a search sees, and what a batch came to."""

from autodev.repair.batch import shared_out, summary
from autodev.repair.search.case import Case

CASES = [Case((number,)) for number in range(5)]


def numbers(cases: list[Case]) -> list[object]:
    return [case.args[0] for case in cases]


def test_the_first_share_rounded_up_is_for_the_search() -> None:
    seen, held_out = shared_out(CASES, [True, False, False, False, True], 0.5)
    assert (numbers(seen), numbers(held_out)) == ([0, 1, 2], [3, 4])


def test_a_failing_case_is_swapped_in_where_none_is_among_them() -> None:
    seen, held_out = shared_out(CASES, [False, False, False, True, True], 0.5)
    assert (numbers(seen), numbers(held_out)) == ([0, 1, 3], [2, 4])


def test_a_summary_counts_by_first_failure_and_all_together() -> None:
    result = {"first_failure": "KeyError", "plausible": True, "right": False, "seconds": 1.0, "evaluated": 10}
    rows = summary([result, result | {"right": True}, result | {"first_failure": "", "plausible": False}])
    assert [(row["first_failure"], row["programs"], row["right_at_first_rank"]) for row in rows] == [
        ("KeyError", 2, "1 (50%)"),
        ("unknown", 1, "0 (0%)"),
        ("all", 3, "1 (33%)"),
    ]
    assert summary([]) == []
