"""The system call filter of the guest: what programs need is allowed, and nothing else.

What would widen its world is refused. What is not listed, such as calls that are newer than this file, is answered as
an older kernel would: C libraries know what to do then.
"""

from __future__ import annotations

import errno
import platform
from collections.abc import Iterable, Iterator, Sequence
from socket import AF_UNIX

from autodev.sandbox.errors import IsolationUnavailable
from autodev.sandbox.seccomp.bpf import (
    ALLOW,
    ARCHITECTURE,
    KILL_PROCESS,
    NUMBER,
    WITHOUT_EFFECT,
    Instruction,
    Op,
    argument,
    fail_with,
)
from autodev.sandbox.seccomp.machine import MACHINES, Machine

# CLONE_NEW* of linux/sched.h: time, mount, cgroup, UTS, IPC, user, PID, network.
NEW_NAMESPACE = 0x80 | 0x0002_0000 | 0x0200_0000 | 0x0400_0000 | 0x0800_0000 | 0x1000_0000 | 0x2000_0000 | 0x4000_0000
TIOCSTI = 0x5412  # types into the terminal
TIOCLINUX = 0x541C
_F_SETOWN, _F_SETSIG, _F_SETOWN_EX, _F_NOTIFY = 8, 10, 15, 1026
_PRIO_PROCESS = 0
_PROCESS_1 = 1


def guest_filter(machine_name: str | None = None) -> bytes:
    """The filter program for this machine (or the named one), as `bwrap --seccomp` reads it.

    Raises:
        IsolationUnavailable: there is no table of system calls for the machine.
    """
    name = machine_name or platform.machine()
    try:
        machine = MACHINES[name]
    except KeyError:
        raise IsolationUnavailable(
            "seccomp", f"no system call filter for {name}", f"Run the sandbox on one of: {', '.join(MACHINES)}."
        ) from None
    return b"".join(instruction.pack() for instruction in filter_program(machine))


def filter_program(machine: Machine) -> list[Instruction]:
    """Instructions of the filter; each rule either decides or falls through to the next."""
    load_number = Instruction(Op.LOAD, NUMBER)
    program = [
        Instruction(Op.LOAD, ARCHITECTURE),
        Instruction(Op.JUMP_EQUAL, machine.architecture, if_true=1),
        Instruction(Op.RETURN, KILL_PROCESS),
        load_number,
    ]
    if machine.foreign_from is not None:
        program += [
            Instruction(Op.JUMP_AT_LEAST, machine.foreign_from, if_false=1),
            Instruction(Op.RETURN, KILL_PROCESS),
        ]
    # Its flags are behind a pointer, out of a filter's sight. C libraries fall back to clone on ENOSYS.
    program += _refuse(machine.clone3, errno.ENOSYS)
    program += _when(
        machine.clone,
        Instruction(Op.LOAD, argument(0)),
        Instruction(Op.JUMP_ANY_BIT, NEW_NAMESPACE, if_false=1),
        Instruction(Op.RETURN, fail_with(errno.EPERM)),
        load_number,
    )
    # Network namespaces do not hold AF_VSOCK, and nobody inside has anything to connect to.
    program += _when(
        machine.socket,
        Instruction(Op.LOAD, argument(0)),
        Instruction(Op.JUMP_EQUAL, AF_UNIX, if_true=1),
        Instruction(Op.RETURN, fail_with(errno.EPERM)),
        load_number,
    )
    program += _when(
        machine.ioctl,
        Instruction(Op.LOAD, argument(1)),
        Instruction(Op.JUMP_EQUAL, TIOCSTI, if_true=1),
        Instruction(Op.JUMP_EQUAL, TIOCLINUX, if_false=1),
        Instruction(Op.RETURN, fail_with(errno.EPERM)),
        load_number,
    )
    # Directories of the host are seen inside, and who would be told of changes there would watch the host at work. By
    # the others a file sends signals to anybody, process 1 included.
    program += _when(
        machine.fcntl,
        Instruction(Op.LOAD, argument(1)),
        Instruction(Op.JUMP_EQUAL, _F_NOTIFY, if_false=1),
        Instruction(Op.RETURN, fail_with(errno.EPERM)),
        Instruction(Op.JUMP_EQUAL, _F_SETOWN, if_true=2),
        Instruction(Op.JUMP_EQUAL, _F_SETSIG, if_true=1),
        Instruction(Op.JUMP_EQUAL, _F_SETOWN_EX, if_false=1),
        Instruction(Op.RETURN, WITHOUT_EFFECT),
        load_number,
    )
    program += _beyond_process_1(machine)
    program += _each((*machine.allowed.values(), machine.clone, machine.socket, machine.ioctl), ALLOW)
    program += _each(machine.refused.values(), fail_with(errno.EPERM))
    return [*program, Instruction(Op.RETURN, fail_with(errno.ENOSYS))]


def _beyond_process_1(machine: Machine) -> list[Instruction]:
    """Process 1 has no more rights than a call, which could otherwise take from it what the next call needs.

    Linux gives it no signal from within its namespace, and says that all is well; gVisor gives it every one.
    """
    refuse = Instruction(Op.RETURN, fail_with(errno.EPERM))
    load_number = Instruction(Op.LOAD, NUMBER)
    program = _when(
        machine.setpriority,
        Instruction(Op.LOAD, argument(0)),
        Instruction(Op.JUMP_EQUAL, _PRIO_PROCESS, if_true=1),
        refuse,  # of a group or of a user, process 1 among them
        Instruction(Op.LOAD, argument(1)),
        Instruction(Op.JUMP_EQUAL, _PROCESS_1, if_false=1),
        refuse,
        load_number,
    )
    without_effect = Instruction(Op.RETURN, WITHOUT_EFFECT)
    for numbers, answer in ((machine.of_a_process, refuse), (machine.signals, without_effect)):
        for number in numbers.values():
            program += _when(
                number,
                Instruction(Op.LOAD, argument(0)),
                Instruction(Op.JUMP_EQUAL, _PROCESS_1, if_false=1),
                answer,
                load_number,
            )
    return program


def _each(numbers: Iterable[int], result: int) -> list[Instruction]:
    """`result` for each of the numbers, range by range: most of them follow one another."""
    program = []
    for first, last in _ranges(sorted(numbers)):
        program += [
            Instruction(Op.JUMP_AT_LEAST, first, if_false=2),
            Instruction(Op.JUMP_AT_LEAST, last + 1, if_true=1),
            Instruction(Op.RETURN, result),
        ]
    return program


def _ranges(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    first = 0
    for at, number in enumerate(numbers):
        if at and number != numbers[at - 1] + 1:
            yield numbers[first], numbers[at - 1]
            first = at
    yield numbers[first], numbers[-1]


def _refuse(number: int, error: int) -> list[Instruction]:
    return _when(number, Instruction(Op.RETURN, fail_with(error)))


def _when(number: int, *body: Instruction) -> list[Instruction]:
    """`body` for one system call. A body that falls through must load the number again."""
    return [Instruction(Op.JUMP_EQUAL, number, if_false=len(body)), *body]
