"""A daemon that can't keep a promise is not asked to."""

from __future__ import annotations

from typing import Any

import pytest

from autodev.sandbox import IsolationUnavailable
from autodev.sandbox.docker.requirements import require_limits, require_runtime

ABLE: dict[str, Any] = {
    "MemoryLimit": True,
    "PidsLimit": True,
    "CpuCfsQuota": True,
    "SecurityOptions": ["name=apparmor", "name=seccomp,profile=default"],
}


def test_a_daemon_that_can_do_all_is_taken() -> None:
    require_limits(ABLE)


@pytest.mark.parametrize(
    ("fact", "told"),
    [({"MemoryLimit": False}, "memory"), ({"PidsLimit": None}, "processes"), ({"CpuCfsQuota": False}, "CPU")],
)
def test_a_limit_that_the_daemon_would_pass_over_in_silence_is_told(fact: dict[str, Any], told: str) -> None:
    with pytest.raises(IsolationUnavailable, match=f"can't limit {told}"):
        require_limits(ABLE | fact)


@pytest.mark.parametrize("options", [None, [], ["name=apparmor"]])
def test_a_daemon_without_a_filter_of_system_calls_is_refused(options: list[str] | None) -> None:
    with pytest.raises(IsolationUnavailable, match="filter system calls"):
        require_limits(ABLE | {"SecurityOptions": options})


def test_a_runtime_that_the_daemon_has_is_taken() -> None:
    require_runtime({"Runtimes": {"runc": {}, "runsc": {}}}, "runsc")
    require_runtime({}, None)


@pytest.mark.parametrize("runtimes", [None, {}, {"runc": {}}])
def test_a_runtime_that_it_lacks_is_told_with_what_to_set(runtimes: dict[str, Any] | None) -> None:
    with pytest.raises(IsolationUnavailable, match="no runtime called runsc") as error:
        require_runtime({"Runtimes": runtimes}, "runsc")
    assert "daemon.json" in error.value.remedy
