"""Process 1 of the isolation: confines itself, reads the job, forks what the job asks for, reports on each call.

No untrusted code ever runs in this process, so nothing a fork does reaches another fork or the result channel.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # what `signal` is made of, without its enumerations
import gc
import os
import select
import sys

from autodev.sandbox.guest import limits, wire
from autodev.sandbox.guest.ahead import import_ahead
from autodev.sandbox.guest.confine import confine
from autodev.sandbox.guest.fork import Supervision
from autodev.sandbox.guest.group import Group
from autodev.sandbox.guest.job import read_confinement, read_job
from autodev.sandbox.guest.module import CompiledModule
from autodev.sandbox.guest.placement import Placement
from autodev.sandbox.guest.processes import run_all
from autodev.sandbox.guest.rehearsal import rehearse


def main() -> None:
    # A stray print of an imported module must not get between frames, and a call must not read what is for this one.
    lifeline, channel = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    if not _is_asked(lifeline):
        rehearse()
    confinement = read_confinement(lifeline)
    placement = Placement(confinement.cpu, confinement.cpus)
    group = Group(confinement)
    confine(confinement)
    job = read_job(lifeline)
    limits.apply_to_all(job.limits, grouped=confinement.bounded or confinement.group_fd is not None)
    # From here on the guest's own source can bring this process down: what fails before is the isolation's fault.
    _send(channel, wire.pack(job.nonce, wire.READY, wire.ready_body(sys.version, sys.executable)))
    module = CompiledModule(job.module_source)
    import_ahead(job.module_source)
    gc.freeze()
    gc.enable()
    for frame in run_all(job, module, Supervision(lifeline, group, placement)):
        _send(channel, wire.pack(job.nonce, wire.CALL, wire.call_body(frame)))


def _is_asked(lifeline: int) -> bool:
    poll = select.poll()
    poll.register(lifeline, select.POLLIN)
    return bool(poll.poll(0))


def _send(channel: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(channel, view) :]
