"""What a search tells of operators."""

from __future__ import annotations

from autodev.events.models.call import Arguments, CallOutcome, Raised, Returned
from autodev.events.models.search import EvidenceCall, Role, Share
from autodev.ids import CallId
from autodev.repair.search.experience import Count
from services.proposals.domain.experience import kinds, of_right, of_tried
from services.proposals.domain.seen import joined


def call(outcome: CallOutcome, role: Role = Role.FAILING, share: Share = Share.SEARCH) -> EvidenceCall:
    return EvidenceCall(call_id=CallId("a"), role=role, share=share, arguments=Arguments(), recorded=outcome)


def raised(name: str) -> Raised:
    return Raised(type=name, message="")


def test_failures_are_told_apart_by_exception_and_what_returned_is_a_wrong_value() -> None:
    outcomes: list[CallOutcome] = [
        raised("builtins.KeyError"),
        raised("KeyError"),
        Returned(value=1),
        raised("OSError"),
    ]
    assert kinds([call(outcome) for outcome in outcomes]) == {"KeyError": 0.5, "wrong_value": 0.25, "OSError": 0.25}


def test_exceptions_of_the_agents_own_are_not_told_apart() -> None:
    assert kinds([call(raised("KeyError")), call(raised("shop.NoSuchBasket"))]) == {"KeyError": 0.5}
    assert kinds([call(raised("print")), call(raised("__import__")), call(raised("SystemExit"))]) == {}


def test_only_failing_calls_of_the_search_part_say_what_failed() -> None:
    others = [call(Returned(value=1), Role.PASSING), call(raised("OSError"), share=Share.HELD_OUT)]
    assert kinds([call(raised("KeyError")), *others]) == {"KeyError": 1.0}
    assert kinds(others) == {}


def test_a_candidate_that_builds_on_another_is_a_try_of_what_it_adds() -> None:
    known = of_tried(["guard", joined("guard", "cast"), "cast"], {"KeyError": 1.0})
    assert (known.of("guard"), known.of("cast")) == (Count(1), Count(2))
    assert known.of("cast", "KeyError") == Count(2)


def test_edits_that_were_right_together_share_the_credit() -> None:
    known = of_right(joined("guard", "cast"), {"KeyError": 0.5})
    assert (known.of("guard"), known.of("cast", "KeyError")) == (Count(0, 0.5), Count(0, 0.25))
