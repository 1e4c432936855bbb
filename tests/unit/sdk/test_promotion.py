"""Promoted versions run in place of the original, and go again."""

from __future__ import annotations

import importlib
from itertools import takewhile

import pytest

import autodev
from autodev.events.models.call import Frame, Raised
from autodev.sdk.runtime import RUNTIME
from autodev.testing import MemoryBus, memory_bus
from tests.unit.sdk import late_tools, tools

REPAIRED = """\
def half(number: float, *, of: float = 1.0) -> float:
    if number == -1.0:
        return 0.0
    return _divided(number * of)
"""


def test_a_promoted_version_runs_and_says_so(bus: MemoryBus) -> None:
    bus.promote(tools.half, REPAIRED)
    assert (tools.half(-1.0), tools.half.version) == (0.0, "1.0.0")
    assert [(change.skill, change.version) for change in bus.changes] == [("half", "1.0.0")]
    assert bus.changes[0].first_failure_at is not None


def test_its_calls_are_reported_with_the_hash_of_its_code(bus: MemoryBus) -> None:
    tools.half(4.0)
    bus.promote(tools.half, REPAIRED)
    tools.half(4.0)
    before, after = (execution.skill for execution in bus.executions)
    assert before is not None
    assert after is not None
    assert (before.promoted, after.promoted is not None) == (None, True)
    assert before.function_hash == after.function_hash


def test_a_failure_of_a_promoted_version_names_its_statements(bus: MemoryBus) -> None:
    bus.promote(tools.half, REPAIRED)
    with pytest.raises(ValueError, match="negative"):
        tools.half(-2.0)
    [failure] = bus.failures
    assert failure.call is not None
    assert isinstance(failure.call.outcome, Raised)
    assert failure.call.outcome.frames[0] == Frame(function="half", statement="return _divided(number * of)")


def test_all_that_went_well_before_a_promoted_version_fails_is_counted_when_its_failure_is_reported(
    bus: MemoryBus,
) -> None:
    bus.promote(tools.half, REPAIRED)
    for _ in range(100):
        tools.half(4.0)
    with pytest.raises(ValueError, match="negative"):
        tools.half(-2.0)
    tools.half(4.0)
    before = takewhile(lambda execution: execution.success, bus.executions)
    assert sum(execution.executions for execution in before) == 100


def test_what_the_original_came_to_is_reported_before_a_promoted_version_fails(bus: MemoryBus) -> None:
    for _ in range(100):
        tools.half(4.0)
    bus.promote(tools.half, REPAIRED)
    with pytest.raises(ValueError, match="negative"):
        tools.half(-2.0)
    before = takewhile(lambda execution: execution.success, bus.executions)
    assert sum(execution.executions for execution in before) == 100


def test_a_withdrawn_version_gives_way_to_the_original(bus: MemoryBus) -> None:
    bus.promote(tools.half, REPAIRED)
    bus.withdraw(tools.half)
    with pytest.raises(ValueError, match="negative"):
        tools.half(-1.0)
    assert tools.half.version is None
    assert [change.version for change in bus.changes] == ["1.0.0", None]


def test_a_withdrawn_version_can_be_promoted_again(bus: MemoryBus) -> None:
    for _ in range(2):
        bus.promote(tools.half, REPAIRED)
        assert tools.half(-1.0) == 0.0
        bus.withdraw(tools.half)


def test_a_newer_version_replaces_an_older_one(bus: MemoryBus) -> None:
    bus.promote(tools.half, REPAIRED)
    bus.promote(tools.half, REPAIRED.replace("return 0.0", "return 1.0"), version="1.0.1")
    assert (tools.half(-1.0), tools.half.version) == (1.0, "1.0.1")


def test_it_sees_the_running_modules_globals_and_changes_none(bus: MemoryBus, monkeypatch: pytest.MonkeyPatch) -> None:
    decorated = tools.shifted
    bus.promote(tools.shifted, "def shifted(number, by=OFFSET):\n    return number - by - _step()\n")
    monkeypatch.setattr(tools, "_step", lambda: 7)
    assert tools.shifted(0) == -107
    assert tools.shifted is decorated


async def test_an_async_skill_is_replaced_by_an_async_version(bus: MemoryBus) -> None:
    bus.promote(tools.waiting, "async def waiting(number):\n    return 0.0 if number == 0 else 10 / number\n")
    assert [await tools.waiting(0), await tools.waiting(5)] == [0.0, 2.0]


@pytest.mark.parametrize(
    "code",
    [
        "def half(number: float) -> float:\n    return (\n",
        "def other(number): return 0.0\n",
        "async def half(number): return 0.0\n",
        "import os\ndef half(number): return 0.0\n",
        "@staticmethod\ndef half(number): return 0.0\n",
        "def half(number, missing=undefined): return 0.0\n",
        "half = lambda number: 0.0\n",
        "",
    ],
)
def test_a_version_that_can_not_be_loaded_leaves_the_original(bus: MemoryBus, code: str) -> None:
    bus.promote(tools.half, code)
    assert (tools.half(4.0), tools.half.version) == (2.0, None)


def test_code_that_is_not_of_its_hash_is_not_loaded(bus: MemoryBus) -> None:
    bus.promote(tools.half, REPAIRED, code_hash="0" * 64)
    assert tools.half.version is None


def test_a_version_of_another_original_is_not_loaded(bus: MemoryBus) -> None:
    bus.promote(tools.half, REPAIRED, function_hash="0" * 64)
    assert tools.half.version is None


def test_an_agent_that_starts_late_has_the_newest_versions_once_it_is_ready() -> None:
    with memory_bus() as first:
        first.promote(tools.half, REPAIRED)
        first.promote(tools.half, REPAIRED.replace("0.0", "1.0"), version="1.0.1")
        with memory_bus(broker=first.broker):
            assert autodev.ready(10)
            assert tools.half.version == "1.0.1"


def test_another_tenants_promotion_is_not_ours() -> None:
    with memory_bus(tenant="evil") as theirs:
        theirs.promote(tools.half, REPAIRED)
        with memory_bus(tenant="acme", broker=theirs.broker):
            assert autodev.ready(10)
            assert tools.half.version is None


def test_a_skill_defined_after_its_promotion_was_read_is_replaced_too() -> None:
    with memory_bus() as first:
        first.promote(late_tools.late, "def late(number: int) -> int:\n    return 0\n")
        with memory_bus(broker=first.broker):
            assert autodev.ready(10)
            importlib.reload(late_tools)
            assert autodev.ready(10)
            assert late_tools.late(1) == 0


def test_a_callback_that_fails_does_not_stop_the_loading(bus: MemoryBus) -> None:
    def failing(change: autodev.VersionChange) -> None:
        raise RuntimeError("mine")

    RUNTIME.on_promotion(failing)
    bus.promote(tools.half, REPAIRED)
    RUNTIME.off_promotion(failing)
    assert tools.half.version == "1.0.0"
