"""When a promoted version is verified, not enough, or worse than what it replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.ids import Sha256
from services.proposals.domain.canary import LEAST_GOOD, RECURRENCES, Canary, Counts, Finding, Version, Watch

FIX = Sha256("f" * 64)
OLDER = Sha256("e" * 64)
ONE_IN_TEN = Counts(executions=100, failures=10, recurrences=10)


def canary(good: int, recurrences: int = 0, others: int = 0, before: Counts = ONE_IN_TEN) -> Canary:
    return Canary(before, Counts(good + recurrences + others, recurrences + others, recurrences))


@pytest.mark.parametrize(
    ("good", "recurrences", "finding"),
    [
        (29, 0, Finding.UNDECIDED),
        (30, 0, Finding.VERIFIED),
        (47, 1, Finding.UNDECIDED),
        (48, 1, Finding.VERIFIED),
        (17, 2, Finding.WORSE),
        (18, 2, Finding.PARTIAL),
        (1_000, 2, Finding.PARTIAL),
    ],
)
def test_what_is_found_where_one_in_ten_failed_before(good: int, recurrences: int, finding: Finding) -> None:
    assert canary(good, recurrences).finding is finding


def test_a_failure_that_was_rare_needs_many_good_outcomes() -> None:
    rare = Counts(executions=10_000, failures=20, recurrences=20)
    assert [canary(0, k, before=rare).needed for k in (0, 1)] == [1_500, 2_375]


def test_a_failure_that_was_frequent_needs_the_least() -> None:
    assert canary(0, before=Counts(10, 5, 5)).needed == LEAST_GOOD


def test_failures_of_other_signatures_are_no_good_outcomes() -> None:
    assert canary(29, others=50).finding is Finding.UNDECIDED


def test_where_nothing_was_counted_before_nothing_is_worse() -> None:
    unknown = Counts()
    assert canary(0, 2, before=unknown).finding is Finding.PARTIAL
    assert canary(LEAST_GOOD, before=unknown).finding is Finding.VERIFIED


def test_what_always_failed_can_not_fail_more_often() -> None:
    assert canary(0, 2, before=Counts(5, 5, 5)).finding is Finding.PARTIAL


def test_the_old_rate_is_that_of_the_version_it_grew_from() -> None:
    counts = {None: Counts(10, 9, 9), OLDER: Counts(100, 2, 2), FIX: Counts(1)}
    assert Watch(OLDER, FIX, counts).canary == Canary(Counts(100, 2, 2), Counts(1))


def test_where_that_was_never_seen_to_fail_it_is_that_of_all_others_together() -> None:
    counts = {None: Counts(10, 9, 9), OLDER: Counts(100), FIX: Counts(1)}
    assert Watch(OLDER, FIX, counts).canary.before == Counts(110, 9, 9)


def test_quarters_are_told_below_the_whole() -> None:
    assert [canary(good).quarters for good in (0, 7, 8, 15, 29, 60)] == [0, 0, 1, 2, 3, 3]


def counts(executions: int = 10_000) -> st.SearchStrategy[Counts]:
    return st.integers(0, executions).flatmap(
        lambda n: st.integers(0, n).flatmap(
            lambda failures: st.integers(0, failures).map(lambda again: Counts(n, failures, again))
        )
    )


@given(before=counts(), since=counts())
def test_a_version_is_worse_exactly_if_its_rate_is_above_the_old_one(before: Counts, since: Counts) -> None:
    worse = Canary(before, since).finding is Finding.WORSE
    if since.recurrences < RECURRENCES or not before.recurrences:
        assert not worse
    else:
        old, new = (Fraction(each.recurrences, each.executions) for each in (before, since))
        assert worse == (new > old)


@given(before=counts(), since=counts())
def test_what_is_verified_fails_less_often_than_before(before: Counts, since: Counts) -> None:
    found = Canary(before, since)
    if found.finding is Finding.VERIFIED and before.recurrences:
        assert Fraction(since.recurrences, since.executions) < Fraction(before.recurrences, before.executions)


@given(before=counts(), since=counts(), more=st.integers(0, 10_000))
def test_good_outcomes_never_speak_against_a_version(before: Counts, since: Counts, more: int) -> None:
    rank = [Finding.WORSE, Finding.PARTIAL, Finding.UNDECIDED, Finding.VERIFIED]
    better = replace(since, executions=since.executions + more)
    assert rank.index(Canary(before, better).finding) >= rank.index(Canary(before, since).finding)


@given(before=counts(), since=counts(), more=st.integers(0, 10))
def test_recurrences_never_speak_for_a_version(before: Counts, since: Counts, more: int) -> None:
    rank = [Finding.WORSE, Finding.PARTIAL, Finding.UNDECIDED, Finding.VERIFIED]
    again = since + Counts(more, more, more)
    assert rank.index(Canary(before, again).finding) <= rank.index(Canary(before, since).finding)


Report = tuple[Version, Counts]
REPORTS = st.lists(st.tuples(st.sampled_from([None, FIX]), counts(5)), max_size=60)


def decided(watch: Watch, reports: Sequence[Report], first: int = 0) -> tuple[int, Finding] | Watch:
    """The first report of the promoted version that decides, and what it does; else the watch after all."""
    for number, (version, counted) in enumerate(reports, start=first):
        watch = watch.after(version, counted)
        if version == FIX and watch.canary.finding is not Finding.UNDECIDED:
            return number, watch.canary.finding
    return watch


@given(reports=REPORTS, cuts=st.lists(st.integers(0, 60), max_size=8))
def test_the_finding_does_not_depend_on_how_reports_are_cut_into_batches(
    reports: list[Report], cuts: list[int]
) -> None:
    start = Watch(None, FIX, {None: ONE_IN_TEN})
    edges = sorted({0, len(reports), *(cut for cut in cuts if cut < len(reports))})
    found: tuple[int, Finding] | Watch = start
    for begin, end in pairwise(edges):
        if isinstance(found, Watch):
            # What the next batch starts from is what was stored after the one before.
            found = decided(Watch(None, FIX, dict(found.counts)), reports[begin:end], begin)
    assert found == decided(start, reports)
