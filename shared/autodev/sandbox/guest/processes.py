"""Which calls share a process, and what happens to the others when it dies."""

from __future__ import annotations

from autodev.sandbox.guest import scratch, wire
from autodev.sandbox.guest.fork import run_forked
from autodev.sandbox.guest.module import CompiledModule, CompiledProgram
from autodev.sandbox.guest.wire import Frame, Usage
from autodev.sandbox.guest.work import perform

TYPE_CHECKING = False
if TYPE_CHECKING:  # every import is paid at each start
    from collections.abc import Iterator

    from autodev.sandbox.guest.fork import Deliver, Forked, Supervision
    from autodev.sandbox.guest.job import Job


def run_all(job: Job, module: CompiledModule, supervision: Supervision) -> Iterator[Frame]:
    """A frame for every call of the job, in order."""
    if job.mode == "search":
        yield from _one_process_a_program(job, module, supervision)
        return
    # Compiled before the forks, which all need it: only a crash of the compiler itself would take all of them along.
    program = CompiledProgram(module, job.entrypoint, job.replacements[0])
    if job.mode == "property":
        yield from _as_few_processes_as_possible(job, program, supervision)
        return
    for call in range(len(job.tasks)):
        yield from _run(job, program, call, call + 1, supervision).frames


def _one_process_a_program(job: Job, module: CompiledModule, supervision: Supervision) -> Iterator[Frame]:
    """A program that hangs or dies loses the rest of its own calls, and no other program's."""
    calls = len(job.tasks)
    for index, replacement in enumerate(job.replacements):
        first = index * calls

        def work(deliver: Deliver, replacement: str | None = replacement) -> None:
            perform(
                CompiledProgram(module, job.entrypoint, replacement),
                job.mode,
                job.tasks,
                deliver,
                job.limits.result_bytes,
            )

        _clear_before(first)
        forked = run_forked(first, calls, work, job.limits, supervision)
        yield from forked.frames
        yield from (_never_reached(first + call) for call in range(len(forked.frames), calls))


def _as_few_processes_as_possible(job: Job, program: CompiledProgram, supervision: Supervision) -> Iterator[Frame]:
    """A check bears its process's death only if it was the first there: else it may have died of those before."""
    call = 0
    while call < len(job.tasks):
        forked = _run(job, program, call, len(job.tasks), supervision)
        frames = forked.frames if forked.clean or len(forked.frames) == 1 else forked.frames[:-1]
        yield from frames
        call += len(frames)


def _run(job: Job, program: CompiledProgram, start: int, end: int, supervision: Supervision) -> Forked:
    """Calls from `start` until before `end`, in one process."""

    def work(deliver: Deliver) -> None:
        perform(program, job.mode, job.tasks[start:end], deliver, job.limits.result_bytes)

    _clear_before(start)
    return run_forked(start, end - start, work, job.limits, supervision)


def _clear_before(call: int) -> None:
    """What those before left; of the last one the isolation's end takes care, and no answer waits for it."""
    if call:
        scratch.clear(scratch.SCRATCH)


def _never_reached(call: int) -> Frame:
    return Frame(call, wire.NEVER_REACHED, 0, 0.0, Usage(), b"", wire.NOTHING, wire.NOTHING)
