"""What is measured with."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import autodev
from autodev.events.binary import from_record
from autodev.events.record import OutgoingRecord, Record
from benchmarks.ingest.workload import reports
from benchmarks.loop.skills import module, row


def read(outgoing: OutgoingRecord) -> Any:
    """The data, as ingestion reads them."""
    record = Record(outgoing.topic, 0, 0, outgoing.timestamp_ms or 0, outgoing.key, outgoing.value, outgoing.headers)
    return from_record(record).data


def test_reports_are_of_600_bytes_and_one_of_ten_fails() -> None:
    found = list(reports(1_000))
    assert sum(len(each.value or b"") for each in found) / len(found) == pytest.approx(600, abs=30)
    assert sum(not read(each).success for each in found) == 100


def test_reports_are_spread_evenly_over_their_keys() -> None:
    counts = Counter(each.key for each in reports(2_560))
    assert set(counts.values()) == {2_560 // 64}


@pytest.fixture(scope="module")
def skills() -> dict[str, Any]:
    """The module's checks and skills, undecorated: nothing is recorded."""
    source = module(6).replace("import autodev\n", "")
    undecorated = "\n".join(line for line in source.splitlines() if not line.startswith("@"))
    defined: dict[str, Any] = {}
    exec(compile(undecorated, "skills", "exec"), defined)
    return defined


@pytest.mark.parametrize("number", range(6))
def test_every_skill_fails_on_a_failing_row_and_on_no_other(skills: dict[str, Any], number: int) -> None:
    skill = skills[f"skill_{number}"]
    assert skill(row(7, fails=False)) is not None
    with pytest.raises((ValueError, ZeroDivisionError, KeyError)):
        skill(row(7, fails=True))


@pytest.mark.parametrize(("number", "check"), list(enumerate(["half_or_none", "share_or_none", "name_or_none"])))
def test_none_is_the_right_answer_to_a_failing_row(skills: dict[str, Any], number: int, check: str) -> None:
    good = row(7, fails=False)
    assert skills[check](None, row(7, fails=True))
    assert skills[check](skills[f"skill_{number}"](good), good)
    assert not skills[check](None, good)


def test_the_agents_module_decorates_as_agents_do() -> None:
    assert module(3).count("@autodev.skill(ensures=") == 3
    assert callable(autodev.skill)
