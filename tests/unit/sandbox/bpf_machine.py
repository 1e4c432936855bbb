"""A machine for classic BPF as small as the filter needs, to run it without a kernel."""

from __future__ import annotations

from collections.abc import Sequence

from autodev.sandbox.seccomp.bpf import ARCHITECTURE, NUMBER, Instruction, Op, argument


def answer(program: Sequence[Instruction], architecture: int, number: int, *arguments: int) -> int:
    """What the filter returns for a system call."""
    memory = {NUMBER: number, ARCHITECTURE: architecture}
    memory |= {argument(index): value & 0xFFFF_FFFF for index, value in enumerate([*arguments, 0, 0, 0, 0, 0, 0][:6])}
    accumulator, at = 0, 0
    while True:
        step = program[at]
        at += 1
        match step.op:
            case Op.LOAD:
                accumulator = memory[step.operand]
            case Op.RETURN:
                return step.operand
            case Op.JUMP_EQUAL:
                at += step.if_true if accumulator == step.operand else step.if_false
            case Op.JUMP_AT_LEAST:
                at += step.if_true if accumulator >= step.operand else step.if_false
            case Op.JUMP_ANY_BIT:
                at += step.if_true if accumulator & step.operand else step.if_false
