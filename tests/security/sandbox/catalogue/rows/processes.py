"""Processes that multiply, do not end, outlive their call, kill, or end as something else."""

from __future__ import annotations

import errno
import platform

from autodev.sandbox import Verdict
from autodev.sandbox.seccomp.machine import MACHINES
from tests.security.sandbox.catalogue.hostile import (
    ONE_SECOND,
    ROOMY,
    STOPPED,
    Expected,
    Hostile,
    ends,
    fails,
    raises,
    returns,
    returns_such,
)
from tests.security.sandbox.catalogue.programs import ending, endless, lingering, multiplying, signalling

MACHINE = MACHINES[platform.machine()]
PIDS = ends(Verdict.PIDS_LIMIT)
TIMEOUT = ends(Verdict.WALL_TIMEOUT, facts=lambda facts: facts.seconds < STOPPED.call_seconds + 2)
NO_RESULT = ends(Verdict.NO_RESULT)
LEFT = returns(lingering.LEFT)
UNHARMED = returns(1)
"""Process 1 is still the parent."""
NO_PIDFD = {"gvisor": fails(errno.ENOSYS)}
"""gVisor has no `pidfd_open`."""


def uncounted(value: object) -> dict[str, Expected]:
    """gVisor counts no refused forks: a call that was refused some, and goes on, ends as it likes."""
    return {"gvisor": returns(value)}


def killed_by(name: str) -> Expected:
    return ends(Verdict.KILLED_BY_SIGNAL, facts=lambda facts: facts.message == name)


MULTIPLYING = (
    Hostile(multiplying.fork_bomb, PIDS, 1),
    Hostile(multiplying.fork_bomb_that_does_not_care, PIDS),
    Hostile(multiplying.fork_bomb_recursive, TIMEOUT, 2, policy=STOPPED),
    Hostile(multiplying.fork_bomb_by_vfork, PIDS, policy=ROOMY, on=uncounted(0)),
    Hostile(multiplying.thread_bomb, PIDS, 3, policy=ROOMY),
    Hostile(multiplying.processes_of_threads_of_processes, TIMEOUT, policy=STOPPED),
    Hostile(multiplying.zombies, PIDS),
    Hostile(
        multiplying.spinners,
        returns_such(lambda cpus: 0 < cpus < 1.8),
        93,
        alone=True,
        # gVisor's clock of a process runs while it waits for a CPU: the host's has a test of its own
        on={"gvisor": returns_such(lambda cpus: 0 < cpus <= 4.2)},
    ),
    Hostile(multiplying.fork_while_leaving, PIDS, on=uncounted("returned")),
)
ENDLESS = (
    Hostile(endless.infinite_loop, TIMEOUT, 21, policy=STOPPED),
    Hostile(endless.sleep_forever, TIMEOUT, 22, policy=STOPPED),
    Hostile(endless.ignoring_every_signal, TIMEOUT, 23, policy=STOPPED),
    Hostile(endless.blocking_every_signal, TIMEOUT, policy=STOPPED),
    Hostile(endless.busy_and_deaf_to_its_cpu_limit, ends(Verdict.CPU_LIMIT), policy=ONE_SECOND),
    Hostile(endless.catastrophic_regex, TIMEOUT, 94, policy=STOPPED),
    Hostile(endless.big_power, TIMEOUT, 95, policy=STOPPED),
    Hostile(endless.big_integer_as_text, TIMEOUT, policy=STOPPED),
    Hostile(
        endless.recursion_without_end,  # which limit it meets first depends on the machine
        ends(Verdict.KILLED_BY_SIGNAL, Verdict.OOM, Verdict.WALL_TIMEOUT),
        96,
        policy=STOPPED,
    ),
    Hostile(endless.recursion_in_c, ends(Verdict.KILLED_BY_SIGNAL, Verdict.OOM)),
    Hostile(endless.stopping_itself, TIMEOUT, policy=STOPPED),
    Hostile(endless.stopping_all_of_itself, TIMEOUT, policy=STOPPED),
    Hostile(endless.waiting_for_itself, TIMEOUT, policy=STOPPED),
    Hostile(endless.endless_coroutine, TIMEOUT, policy=STOPPED),
    Hostile(endless.endless_import, TIMEOUT, policy=STOPPED),
    Hostile(endless.endless_flush, TIMEOUT, policy=STOPPED),
    Hostile(endless.answer_and_stay, TIMEOUT, policy=STOPPED),
    Hostile(endless.answer_by_drips, TIMEOUT, policy=STOPPED),
)
LINGERING = (
    Hostile(lingering.daemonise, LEFT, 24),
    Hostile(lingering.daemon_that_holds_output, LEFT, 25),
    Hostile(lingering.daemon_that_holds_the_result_alone, LEFT),
    Hostile(lingering.daemon_that_is_another_program, LEFT),
    Hostile(lingering.relay_of_alarms, LEFT, 28),
    Hostile(lingering.daemon_below_a_reaper, LEFT),
    Hostile(lingering.sibling, LEFT, arguments=(MACHINE.clone,)),
    Hostile(lingering.daemon_deaf_to_all, LEFT),
    Hostile(lingering.stopped_daemon, LEFT),
    Hostile(lingering.thread_that_outlives_main, LEFT),
    Hostile(lingering.fork_at_exit, LEFT),
    Hostile(lingering.fork_in_a_finaliser, LEFT),
    Hostile(lingering.fork_in_a_thread_of_a_fork, LEFT),
    Hostile(lingering.forks_that_run_from_the_killer, PIDS),
)
SIGNALLING = (
    Hostile(signalling.kill_all, returns("ESRCH"), 26),
    Hostile(signalling.kill_parent, UNHARMED, 27),
    Hostile(signalling.every_signal_to_process_1, UNHARMED),
    Hostile(signalling.every_queued_signal_to_process_1, UNHARMED, on=NO_PIDFD),
    Hostile(signalling.stop_process_1, UNHARMED),
    Hostile(signalling.interrupt_process_1, UNHARMED),
    Hostile(signalling.signal_process_1_by_a_file, UNHARMED),
    Hostile(signalling.kill_own_group, killed_by("SIGKILL")),
    Hostile(signalling.kill_itself, killed_by("SIGKILL"), 85),
    Hostile(signalling.kill_itself_by_cpu_signal, killed_by("SIGXCPU")),
    Hostile(signalling.kill_guardians, returns("killed 0"), 101),
    Hostile(signalling.take_limits_from_process_1, returns([])),
    Hostile(signalling.slow_process_1_down, returns([]), arguments=(MACHINE.refused["ioprio_set"],)),
    Hostile(signalling.move_process_1, returns([])),
)
ENDING = (
    Hostile(ending.leave, raises("SystemExit"), 80, (0,)),
    Hostile(ending.exit_at_exit, raises("ValueError"), 81),
    Hostile(ending.exit_at_once, NO_RESULT, 82, (0,), "0"),
    Hostile(ending.exit_at_once, NO_RESULT, 83, (124,), "124"),
    Hostile(ending.exit_at_once, NO_RESULT, 84, (137,), "137"),
    Hostile(ending.exit_from_a_thread, NO_RESULT),
    Hostile(ending.exit_in_a_finaliser, NO_RESULT),
    Hostile(ending.exit_in_the_signal_of_its_own_timer, NO_RESULT),
    Hostile(ending.become_another_program, NO_RESULT),
    Hostile(ending.become_another_program_that_answers, returns("by another program")),
    Hostile(ending.segfault, killed_by("SIGSEGV")),
    Hostile(ending.abort_with_a_core, killed_by("SIGABRT"), 73),
    Hostile(ending.illegal_instruction, killed_by("SIGILL")),
    Hostile(ending.corrupt_the_interpreter, ends(Verdict.KILLED_BY_SIGNAL)),
    Hostile(ending.fail_after_answering, ends(Verdict.PROTOCOL_ERROR)),
    Hostile(ending.die_after_answering, killed_by("SIGKILL")),
    Hostile(ending.close_everything, NO_RESULT),
)
ROWS = (*MULTIPLYING, *ENDLESS, *LINGERING, *SIGNALLING, *ENDING)
