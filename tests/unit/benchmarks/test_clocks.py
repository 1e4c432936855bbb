"""Where time and memory go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.ingest import stopwatch
from benchmarks.ingest.stopwatch import Stopwatch
from benchmarks.loop.stages import STAGES, durations
from benchmarks.memory.processes import Memory, parse


def test_a_stage_keeps_what_no_inner_stage_took(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 1.0, 4.0, 10.0])
    monkeypatch.setattr(stopwatch, "perf_counter", lambda: next(moments))
    watch = Stopwatch()
    with watch.measure("outer"), watch.measure("inner"):
        pass
    assert watch.seconds == {"inner": 3.0, "outer": 7.0}


def test_a_stage_that_fails_is_clocked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 2.0])
    monkeypatch.setattr(stopwatch, "perf_counter", lambda: next(moments))
    watch = Stopwatch()
    with pytest.raises(ValueError, match="broken"), watch.measure("failing"):
        raise ValueError("broken")
    assert watch.seconds == {"failing": 2.0}


def test_the_stages_of_a_case_add_up_to_its_whole_time() -> None:
    began = datetime(2026, 11, 23, tzinfo=UTC)
    moments = [began + timedelta(seconds=second**2) for second in range(len(STAGES) + 1)]
    found = durations(moments)
    assert len(found) == len(STAGES)
    assert sum(found) == (moments[-1] - moments[0]).total_seconds()


def test_memory_is_read_as_the_kernel_tells_it() -> None:
    rollup = "00400000-7ffe [rollup]\nRss:  2048 kB\nPss:  1024 kB\nPss_Anon:  512 kB\n"
    assert parse(rollup) == Memory(rss=2.0, pss=1.0)
