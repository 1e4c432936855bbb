"""The system call filter, run on a machine of our own."""

from __future__ import annotations

import errno
from socket import AF_INET, AF_UNIX, AF_VSOCK

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodev.sandbox import IsolationUnavailable
from autodev.sandbox.seccomp.bpf import ALLOW, KILL_PROCESS, WITHOUT_EFFECT, fail_with
from autodev.sandbox.seccomp.filter import filter_program, guest_filter
from autodev.sandbox.seccomp.machine import MACHINES, Machine
from tests.unit.sandbox.bpf_machine import answer

EPERM = fail_with(errno.EPERM)
FORK_FLAGS = 0x0100_0000 | 0x0020_0000 | 17  # child's tid set and cleared, SIGCHLD: what fork() passes
THREAD_FLAGS = 0x003D_0F00  # what pthread_create() passes
NAMESPACES = [0x80, 0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000]

each_machine = pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)


@each_machine
def test_listed_system_calls_are_refused(machine: Machine) -> None:
    program = filter_program(machine)

    assert {answer(program, machine.architecture, number) for number in machine.refused.values()} == {EPERM}


@each_machine
@settings(deadline=None)  # a busy machine is no failure
@given(number=st.integers(0, 2**30 - 1))
def test_a_system_call_that_is_not_listed_is_unknown(machine: Machine, number: int) -> None:
    listed = {*machine.allowed.values(), *machine.refused.values(), machine.clone, machine.socket, machine.ioctl}
    if number not in listed:
        assert answer(filter_program(machine), machine.architecture, number) == fail_with(errno.ENOSYS)


@each_machine
def test_what_programs_need_is_allowed(machine: Machine) -> None:
    program = filter_program(machine)

    assert {answer(program, machine.architecture, number) for number in machine.allowed.values()} == {ALLOW}


@each_machine
def test_nothing_is_both_allowed_and_refused(machine: Machine) -> None:
    special = {machine.clone, machine.clone3, machine.socket, machine.ioctl}

    assert not set(machine.allowed.values()) & (set(machine.refused.values()) | special)
    assert not set(machine.allowed) & set(machine.refused)


@each_machine
def test_system_calls_of_another_architecture_kill(machine: Machine) -> None:
    assert answer(filter_program(machine), 0x4000_0003, 20) == KILL_PROCESS


def test_system_calls_of_x32_kill() -> None:
    machine = MACHINES["x86_64"]

    assert answer(filter_program(machine), machine.architecture, 0x4000_0000 + 39) == KILL_PROCESS


@each_machine
def test_processes_and_threads_can_be_made(machine: Machine) -> None:
    program = filter_program(machine)

    assert answer(program, machine.architecture, machine.clone, FORK_FLAGS) == ALLOW
    assert answer(program, machine.architecture, machine.clone, THREAD_FLAGS) == ALLOW


@each_machine
@pytest.mark.parametrize("namespace", NAMESPACES, ids=hex)
def test_namespaces_can_not_be_made(machine: Machine, namespace: int) -> None:
    program = filter_program(machine)

    assert answer(program, machine.architecture, machine.clone, FORK_FLAGS | namespace) == EPERM
    assert answer(program, machine.architecture, machine.clone3) == fail_with(errno.ENOSYS)


@each_machine
def test_only_sockets_between_processes_can_be_made(machine: Machine) -> None:
    program = filter_program(machine)

    assert answer(program, machine.architecture, machine.socket, AF_UNIX) == ALLOW
    assert answer(program, machine.architecture, machine.socket, AF_INET) == EPERM
    assert answer(program, machine.architecture, machine.socket, AF_VSOCK) == EPERM


@each_machine
def test_nothing_is_typed_into_a_terminal(machine: Machine) -> None:
    program = filter_program(machine)

    assert answer(program, machine.architecture, machine.ioctl, 0, 0x5412) == EPERM
    assert answer(program, machine.architecture, machine.ioctl, 0, 0x541C) == EPERM
    assert answer(program, machine.architecture, machine.ioctl, 0, 0x5401) == ALLOW


@each_machine
def test_no_file_tells_of_changes_or_sends_signals(machine: Machine) -> None:
    program = filter_program(machine)

    assert answer(program, machine.architecture, machine.fcntl, 5, 1026) == EPERM
    assert {answer(program, machine.architecture, machine.fcntl, 5, what) for what in (8, 10, 15)} == {WITHOUT_EFFECT}
    assert answer(program, machine.architecture, machine.fcntl, 5, 1) == ALLOW


@each_machine
def test_a_call_has_power_over_its_own_processes_and_not_over_process_1(machine: Machine) -> None:
    program = filter_program(machine)

    for number in machine.of_a_process.values():
        assert [answer(program, machine.architecture, number, who) for who in (0, 2, 1)] == [ALLOW, ALLOW, EPERM]
        assert answer(program, machine.architecture, number, 0x1_0000_0001) == EPERM, "the kernel cuts it to 32 bits"
    for who, expected in ((0, ALLOW), (2, ALLOW), (1, EPERM)):
        assert answer(program, machine.architecture, machine.setpriority, 0, who) == expected
    for which in (1, 2):
        assert answer(program, machine.architecture, machine.setpriority, which, 0) == EPERM, "all of a group or a user"


@each_machine
def test_a_signal_to_process_1_has_no_effect_and_others_arrive(machine: Machine) -> None:
    program = filter_program(machine)

    for number in machine.signals.values():
        to = [answer(program, machine.architecture, number, who) for who in (0, 2, 0xFFFF_FFFF, 1)]
        assert to == [ALLOW, ALLOW, ALLOW, WITHOUT_EFFECT]


@each_machine
def test_every_jump_lands_within_the_program(machine: Machine) -> None:
    program = filter_program(machine)

    assert all(
        at + 1 + max(step.if_true, step.if_false) < len(program) + (step.op == 6) for at, step in enumerate(program)
    )


def test_the_program_is_packed_as_the_kernel_reads_it() -> None:
    packed = guest_filter("x86_64")

    assert len(packed) == 8 * len(filter_program(MACHINES["x86_64"]))
    assert packed[:8] == bytes.fromhex("2000000004000000")  # load the architecture


def test_a_machine_without_a_table_has_no_filter() -> None:
    with pytest.raises(IsolationUnavailable, match="no system call filter for s390x"):
        guest_filter("s390x")
