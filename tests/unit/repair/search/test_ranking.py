"""Which of the plausible candidates comes first."""

from autodev.repair.search.candidate import Candidate, EditMade
from autodev.repair.search.module import ModuleText
from autodev.repair.search.outcome import Kind, Outcome
from autodev.repair.search.ranking import Evidence, rank

EDIT = EditMade("comparison", "< becomes <=", "f")
RAISED = Outcome(Kind.RAISED, error="KeyError")


def evidence(name: str, *values: object, prior: float = 0.5, size: int = 2, penalty: float = 0.0) -> Evidence:
    outcomes = [value if isinstance(value, Outcome) else Outcome(Kind.RETURNED, value) for value in values]
    return Evidence(Candidate(ModuleText(name), frozenset(), (EDIT,), prior, size), outcomes, penalty)


def order(given: list[Evidence], original: list[Outcome]) -> list[str]:
    ranked = rank(given, original, [True] * len(original), 3)
    return [each.candidate.module.text for each in ranked]


def test_what_many_agree_on_comes_before_a_likelier_loner() -> None:
    given = [evidence("loner", 1, prior=0.6), *(evidence(f"one of {n}", 2) for n in range(3))]
    assert order(given, [RAISED])[-1] == "loner"


def test_among_those_that_agree_the_likelier_and_smaller_comes_first() -> None:
    given = [evidence("large", 1, size=20), evidence("unlikely", 1, prior=0.1), evidence("good", 1)]
    assert order(given, [RAISED])[0] == "good"


def test_what_changes_good_answers_loses() -> None:
    given = [evidence("changes", 2, 2), evidence("keeps", 1, 3)]
    assert order(given, [Outcome(Kind.RETURNED, 1), RAISED])[0] == "keeps"


def test_what_raises_where_the_original_did_not_loses() -> None:
    assert order([evidence("raises", RAISED), evidence("other", 2)], [Outcome(Kind.RETURNED, 1)])[0] == "other"


def test_what_returns_none_where_no_good_call_does_is_a_last_resort() -> None:
    given = [evidence("nothing", None, prior=0.9), evidence("something", 2)]
    assert [each.candidate.module.text for each in rank(given, [RAISED], [False], 3, none_is_good=False)] == [
        "something",
        "nothing",
    ]
    assert rank(given, [RAISED], [False], 3, none_is_good=True)[0].candidate.module.text == "nothing"


def test_smells_lose() -> None:
    assert order([evidence("smells", 1, penalty=2.0), evidence("clean", 2)], [RAISED])[0] == "clean"


def test_confidence_is_a_share_and_grows_with_the_cases() -> None:
    given = [evidence("a", 1), evidence("b", 2)]
    few, many = (rank(given, [RAISED], [False], cases)[0].confidence for cases in (1, 20))
    assert 0 < few < many <= 0.5


def test_nothing_plausible_ranks_as_nothing() -> None:
    assert rank([], [], [], 1) == []
