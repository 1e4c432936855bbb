"""Classic BPF, as far as a system call filter needs it (linux/filter.h, linux/seccomp.h)."""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import NamedTuple

# Offsets into struct seccomp_data. Arguments are 64 bits wide; both machines here are little-endian.
NUMBER = 0
ARCHITECTURE = 4


def argument(index: int) -> int:
    """Offset of the low 32 bits of a system call's argument."""
    return 16 + 8 * index


class Op(IntEnum):
    LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS
    JUMP_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
    JUMP_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
    JUMP_ANY_BIT = 0x45  # BPF_JMP | BPF_JSET | BPF_K
    RETURN = 0x06  # BPF_RET | BPF_K


class Instruction(NamedTuple):
    op: Op
    operand: int
    if_true: int = 0
    """Instructions to skip."""
    if_false: int = 0

    def pack(self) -> bytes:
        return struct.pack("<HBBI", self.op, self.if_true, self.if_false, self.operand)


ALLOW = 0x7FFF_0000
KILL_PROCESS = 0x8000_0000


WITHOUT_EFFECT = 0x0005_0000
"""The system call is not made and returns 0."""


def fail_with(errno: int) -> int:
    """The system call is not made and returns this error."""
    return 0x0005_0000 | errno
