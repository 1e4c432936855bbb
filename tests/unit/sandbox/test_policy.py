"""What a policy accepts."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from autodev.sandbox import Policy


@pytest.mark.parametrize(
    "limits",
    [
        {"wall_seconds": 0},
        {"wall_seconds": math.inf},
        {"call_seconds": math.nan},
        {"cpu_seconds": 0},
        {"memory_bytes": 1 << 20},
        {"processes": 0},
        {"open_files": 8},
        {"result_bytes": 0},
        {"network": True},
    ],
    ids=str,
)
def test_limits_that_limit_nothing_or_everything_are_refused(limits: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Policy.model_validate(limits)


def test_a_call_can_not_have_more_time_than_its_run() -> None:
    with pytest.raises(ValidationError, match=r"call_seconds \(5.0\) is more than wall_seconds \(3.0\)"):
        Policy(wall_seconds=3, call_seconds=5)


def test_a_policy_survives_json() -> None:
    policy = Policy(wall_seconds=3, processes=4)

    assert Policy.model_validate_json(policy.model_dump_json()) == policy
