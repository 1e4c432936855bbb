"""Memory, disk, files and output end at the policy's limits."""

from __future__ import annotations

import pytest

from autodev.sandbox import Verdict
from tests.security.sandbox.attacks import HASTY, POLICY, Attack, Run, raised, returned

pytestmark = pytest.mark.isolation

SHARED_WITH_PROCESS_1 = 32 << 20
"""The interpreter and its library, which the call's group is not charged for."""


@pytest.mark.parametrize("program", ["memory_at_once", "memory_by_and_by", "memory_in_objects"])
async def test_memory_is_limited(attack: Attack, program: str) -> None:
    facts = await attack(f"resources.{program}")

    assert facts.verdict is Verdict.OOM
    assert facts.max_rss_bytes < POLICY.memory_bytes + SHARED_WITH_PROCESS_1


async def test_shared_memory_counts_too(attack: Attack) -> None:
    facts = await attack("resources.memory_shared_without_a_name")

    assert raised(facts).message == "[Errno 12] Cannot allocate memory"


async def test_kernel_buffers_are_bounded_by_open_files(attack: Attack) -> None:
    assert returned(await attack("resources.memory_in_pipes")) <= POLICY.open_files * 65_536


async def test_the_scratch_directory_is_bounded(attack: Attack) -> None:
    assert 0 < returned(await attack("resources.fill_scratch")) <= POLICY.file_bytes


@pytest.mark.parametrize("program", ["one_large_file", "preallocated_file"])
async def test_a_file_beyond_the_limit_is_refused(attack: Attack, program: str) -> None:
    assert raised(await attack(f"resources.{program}")).message == "[Errno 27] File too large"


@pytest.mark.parametrize("program", ["many_open_files", "many_sockets"])
async def test_open_files_are_limited(attack: Attack, program: str) -> None:
    assert 0 < returned(await attack(f"resources.{program}")) <= POLICY.open_files


async def test_a_very_deep_directory_does_not_trouble_the_next_call(run: Run) -> None:
    report = await run("resources", "deep_directories", [3_000], [3_000])

    assert [returned(facts) for facts in report.calls] == [3_000, 3_000]


async def test_directories_without_permissions_do_not_trouble_the_next_call(run: Run) -> None:
    report = await run("resources", "unreadable_directories", [], [])

    assert [returned(facts) for facts in report.calls] == ["made", "made"]


@pytest.mark.parametrize("program", ["flood_stdout", "flood_stderr"])
async def test_a_flood_of_output_stops_the_call(attack: Attack, program: str) -> None:
    facts = await attack(f"resources.{program}")

    assert facts.verdict is Verdict.OUTPUT_LIMIT


async def test_a_flood_stops_its_own_call_only(run: Run) -> None:
    report = await run("resources", "flood_stdout", [], [])

    assert [facts.verdict for facts in report.calls] == [Verdict.OUTPUT_LIMIT] * 2
    assert report.verdict is Verdict.OK


async def test_slow_output_does_not_push_the_deadline_away(attack: Attack) -> None:
    facts = await attack("resources.drip_stdout", policy=HASTY)

    assert facts.verdict is Verdict.WALL_TIMEOUT
    assert facts.stdout.text.startswith("drip\ndrip\n")


async def test_both_ends_of_the_output_are_kept_and_the_rest_is_counted(attack: Attack) -> None:
    facts = await attack("resources.print_lines", 2_000)

    written = sum(len(f"line {number}\n") for number in range(2_000))
    assert facts.stdout.text.endswith("line 1998\nline 1999\n")
    assert facts.stdout.head.startswith("line 0\nline 1\n")
    assert len(facts.stdout.head) + len(facts.stdout.tail) + facts.stdout.dropped_bytes == written
    assert facts.stderr.text == "to stderr\n"


async def test_output_that_is_no_text_is_escaped(attack: Attack) -> None:
    facts = await attack("resources.print_odd_bytes")

    assert facts.stdout.text == "\\xff\x00\x1b]0;title\x07\\xed\\xa0\\x80"


async def test_a_large_result_comes_through_and_a_larger_one_stops_the_call(run: Run) -> None:
    large = await run("resources", "large_result", [])
    larger = await run("resources", "larger_result", [])

    assert returned(large.calls[0]) == "x" * 200_000
    assert larger.calls[0].verdict is Verdict.OUTPUT_LIMIT


async def test_limits_are_in_force_and_can_not_be_raised(attack: Attack) -> None:
    limits = returned(await attack("resources.limits"))

    assert {name for name, (soft, hard) in limits.items() if soft != hard} == {"CPU"}
    assert POLICY.memory_bytes <= limits["AS"][0] <= 4 * POLICY.memory_bytes + POLICY.processes * (128 << 20)
    assert POLICY.processes < limits["NPROC"][0] <= 2 * (POLICY.processes + 1)
    assert limits["FSIZE"][0] == POLICY.file_bytes
    assert limits["CPU"][0] == POLICY.cpu_seconds
    assert limits["CORE"][0] == 0
    assert returned(await attack("resources.raise_limits")) == []
