"""What a guest starts ends with its call, at the latest at the call's deadline."""

from __future__ import annotations

import pytest

from autodev.sandbox import Policy, Verdict
from tests.security.sandbox.attacks import HASTY, POLICY, Attack, Run, raised, returned

pytestmark = pytest.mark.isolation

ROOMY = POLICY.model_copy(update={"memory_bytes": 1 << 30})
"""A thread that finds no memory for its first steps never says that it has begun, and who started it waits."""


@pytest.mark.parametrize(
    "program",
    [
        "fork_bomb_recursive",
        "endless_loop",
        "endless_sleep",
        "endless_power",
        "catastrophic_regex",
        "deaf_to_signals",
        "stop_itself",
    ],
)
async def test_a_call_that_does_not_end_is_stopped_at_its_deadline(attack: Attack, program: str) -> None:
    facts = await attack(f"processes.{program}", policy=HASTY)

    assert facts.verdict is Verdict.WALL_TIMEOUT
    assert HASTY.call_seconds <= facts.seconds < HASTY.call_seconds + 2


@pytest.mark.parametrize("program", ["fork_bomb", "fork_bomb_unhandled", "thread_bomb"])
async def test_processes_and_threads_are_limited(attack: Attack, program: str) -> None:
    facts = await attack(f"processes.{program}", policy=ROOMY)

    assert facts.verdict is Verdict.PIDS_LIMIT


async def test_one_isolation_does_not_use_up_the_processes_of_the_next(run: Run) -> None:
    report = await run("processes", "fork_bomb", [], [])

    assert [facts.verdict for facts in report.calls] == [Verdict.PIDS_LIMIT] * 2


@pytest.mark.parametrize("program", ["daemonise", "daemonise_holding_output", "relay_of_alarms"])
async def test_a_call_returns_at_once_and_what_it_left_behind_is_gone(attack: Attack, program: str) -> None:
    facts = await attack(f"processes.{program}")

    assert returned(facts) == "left one behind"


async def test_a_process_left_by_one_call_does_not_see_the_next(run: Run) -> None:
    report = await run("processes", "daemonise", [], [])

    assert [facts.verdict for facts in report.calls] == [Verdict.OK, Verdict.OK]


async def test_a_call_is_alone_with_process_1(attack: Attack) -> None:
    assert returned(await attack("processes.process_count")) == 2


@pytest.mark.parametrize(
    ("program", "signal"), [("kill_itself", "SIGKILL"), ("segfault", "SIGSEGV"), ("abort", "SIGABRT")]
)
async def test_death_by_signal_is_reported_as_such(attack: Attack, program: str, signal: str) -> None:
    facts = await attack(f"processes.{program}")

    assert (facts.verdict, facts.message) == (Verdict.KILLED_BY_SIGNAL, signal)


async def test_recursion_to_the_end_of_the_stack_is_contained(attack: Attack) -> None:
    facts = await attack("processes.endless_recursion", policy=HASTY)

    assert facts.verdict in {Verdict.KILLED_BY_SIGNAL, Verdict.OOM, Verdict.WALL_TIMEOUT}


async def test_nobody_else_can_be_killed_and_process_1_does_not_listen(run: Run) -> None:
    report = await run("processes", "kill_everyone", [], [])

    assert [returned(facts) for facts in report.calls] == ["alone", "alone"]


async def test_cpu_seconds_are_limited(attack: Attack) -> None:
    facts = await attack("processes.endless_loop", policy=POLICY.model_copy(update={"cpu_seconds": 1}))

    assert facts.verdict is Verdict.CPU_LIMIT
    assert facts.cpu_seconds == pytest.approx(1, abs=0.5)


async def test_cpu_seconds_are_limited_for_who_ignores_the_signal(attack: Attack) -> None:
    facts = await attack("processes.deaf_and_busy", policy=POLICY.model_copy(update={"cpu_seconds": 1}))

    assert facts.verdict is Verdict.CPU_LIMIT


async def test_children_share_the_deadline(attack: Attack) -> None:
    facts = await attack("processes.burn_cpu_in_children", policy=HASTY)

    assert facts.verdict is Verdict.WALL_TIMEOUT


@pytest.mark.parametrize("code", [0, 1, 124, 137])
async def test_exit_without_a_result_is_no_result_whatever_the_code_says(attack: Attack, code: int) -> None:
    facts = await attack("processes.exit_with", code)

    assert (facts.verdict, facts.outcome) == (Verdict.NO_RESULT, None)


async def test_sys_exit_is_an_error_of_the_guest(attack: Attack) -> None:
    facts = await attack("processes.leave", 0)

    assert facts.verdict is Verdict.GUEST_ERROR
    assert raised(facts).type == "SystemExit"


async def test_another_program_in_its_place_delivers_nothing(attack: Attack) -> None:
    facts = await attack("processes.exec_something_else")

    assert facts.verdict is Verdict.NO_RESULT


async def test_there_is_no_shell(attack: Attack) -> None:
    assert returned(await attack("processes.run_a_shell")) == "no shell"


async def test_the_run_has_a_deadline_of_its_own(run: Run) -> None:
    report = await run("processes", "endless_sleep", [], [], [], policy=Policy(wall_seconds=1, call_seconds=0.7))

    assert report.verdict is Verdict.WALL_TIMEOUT
    assert [facts.verdict for facts in report.calls] == [Verdict.WALL_TIMEOUT, Verdict.WALL_TIMEOUT, Verdict.NO_RESULT]
    assert report.seconds < 3
