"""Figures of samples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.statistics import growth, percentile, steady_rate

SAMPLES = st.lists(st.floats(0, 1e9), min_size=1)


@given(SAMPLES, st.floats(0, 1))
def test_a_percentile_is_the_smallest_sample_that_enough_do_not_exceed(samples: list[float], share: float) -> None:
    found = percentile(samples, share)
    assert found in samples
    assert sum(each <= found for each in samples) >= share * len(samples)
    assert all(
        sum(each <= smaller for each in samples) < share * len(samples) for smaller in samples if smaller < found
    )


def test_no_samples_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 0.5)


def test_a_steady_rate_leaves_out_the_start() -> None:
    progress = [(0.0, 0), (10.0, 100), (11.0, 600), (12.0, 1_100)]
    assert steady_rate(progress) == 500.0


def test_a_steady_rate_ends_with_the_last_unit() -> None:
    progress = [(0.0, 0), (1.0, 500), (2.0, 1_000), (3.0, 1_000), (9.0, 1_000)]
    assert steady_rate(progress) == 500.0


def test_what_is_done_at_once_has_no_rate() -> None:
    with pytest.raises(ValueError, match="use more of them"):
        steady_rate([(0.0, 0), (1.0, 1_000)])


def test_growth_compares_medians() -> None:
    assert growth([100, 100, 900], [110, 110, 0]) == pytest.approx(0.1)
