"""Process 1 of the isolation: drops its rights, reads the job, forks what the job asks for, reports on each call.

No untrusted code ever runs in this process, so nothing a fork does reaches another fork or the result channel.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence

from autodev.sandbox.guest import job as jobs
from autodev.sandbox.guest import limits, wire
from autodev.sandbox.guest.ahead import import_ahead
from autodev.sandbox.guest.module import CompiledModule
from autodev.sandbox.guest.processes import run_all


def main(identity: Sequence[int]) -> None:
    """`identity` is the uid and gid to become, or empty where the launcher already is nobody special."""
    if identity:
        _become(*identity)
    # A stray print of an imported module must not get between frames.
    channel = os.dup(1)
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    job = jobs.read(0)
    _detach_stdin()
    limits.apply_to_all(job.limits)
    # From here on the guest's own source can bring this process down: what fails before is the isolation's fault.
    _send(channel, wire.pack(job.nonce, wire.Kind.READY, wire.ready_body(sys.version, sys.executable)))
    module = CompiledModule(job.module_source)
    import_ahead(job.module_source)
    gc.freeze()
    for frame in run_all(job, module, channel):
        _send(channel, wire.pack(job.nonce, wire.Kind.CALL, wire.call_body(frame)))


def _become(uid: int, gid: int) -> None:
    """Give up root for good: with no user ids left to go back to, the kernel drops every capability."""
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if os.getresuid() != (uid, uid, uid) or os.getresgid() != (gid, gid, gid):
        raise SystemExit("the guest could not give up its rights")


def _detach_stdin() -> None:
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)


def _send(channel: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(channel, view) :]
