"""The engine: bubblewrap, one isolation a run."""

from __future__ import annotations

import asyncio
import compileall
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import autodev.sandbox.guest
import autodev.values
from autodev.sandbox.bubblewrap.binary import find_bubblewrap
from autodev.sandbox.bubblewrap.command import ENVIRONMENT, HarnessMount, launcher_arguments
from autodev.sandbox.bubblewrap.identity import Identity, LeasedUser, guest_identity
from autodev.sandbox.bubblewrap.python_runtime import PythonRuntime
from autodev.sandbox.errors import IsolationUnavailable
from autodev.sandbox.guest.job import Job, Limits, Mode, Task, to_bytes
from autodev.sandbox.guest.wire import NONCE_BYTES, max_call_body
from autodev.sandbox.policy import Policy
from autodev.sandbox.program import CallInput, Program, PropertyInput
from autodev.sandbox.report import PropertyReport, RunReport
from autodev.sandbox.seccomp.filter import guest_filter
from autodev.sandbox.supervision.facts import by_program, call_facts, property_facts
from autodev.sandbox.supervision.frames import FrameReader
from autodev.sandbox.supervision.launch import Isolation
from autodev.sandbox.supervision.supervisor import Supervisor
from autodev.sandbox.supervision.transcript import Stop, Transcript
from autodev.sandbox.supervision.verdict import judge_run

_THREADS = 64
"""Runs at one time at most; a service limits itself to far fewer."""


class BubblewrapEngine:
    """Namespaces, an unprivileged uid, resource limits and a system call filter. See `Engine`."""

    name = "bubblewrap"

    def __init__(self, *, bubblewrap: str | None = None, identity: Callable[[], Identity] = guest_identity) -> None:
        """Find what the engine is made of: `bubblewrap` by itself unless its path is given.

        Raises:
            IsolationUnavailable: not Linux, no bubblewrap, no usable Python, or no filter for this machine.
        """
        if sys.platform != "linux":
            raise IsolationUnavailable("namespaces", f"{sys.platform} has none", "Run the sandbox on Linux.")
        self._seccomp = guest_filter()
        self._bubblewrap = bubblewrap or find_bubblewrap()
        self._identity = identity
        self._runtime = PythonRuntime.of_host()
        self._harness = tuple(
            _prepared(HarnessMount(Path(package.__path__[0]).resolve(), package.__name__))
            for package in (autodev.values, autodev.sandbox.guest)
        )
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="sandbox")

    async def run(self, program: Program, calls: Sequence[CallInput], policy: Policy) -> RunReport:
        job = _job("alone", program, [program.replacement], _call_tasks(calls), policy)
        transcript = await self._supervised(job, policy, policy.wall_seconds)
        return self._run_report(transcript, calls, policy)

    async def search(
        self,
        module_source: str,
        entrypoint: str,
        replacements: Sequence[str | None],
        calls: Sequence[CallInput],
        policy: Policy,
    ) -> Sequence[RunReport]:
        if not (replacements and calls):
            return [await self.run(Program(module_source, entrypoint, each), calls, policy) for each in replacements]
        job = _job("search", Program(module_source, entrypoint), replacements, _call_tasks(calls), policy)
        transcript = await self._supervised(job, policy, policy.wall_seconds * len(replacements))
        return [self._run_report(part, calls, policy) for part in by_program(transcript, len(replacements), len(calls))]

    async def check_properties(
        self, program: Program, checks: Sequence[PropertyInput], policy: Policy
    ) -> PropertyReport:
        tasks = [Task(list(check.arguments.args), dict(check.arguments.kwargs), check.result) for check in checks]
        transcript = await self._supervised(
            _job("property", program, [None], tasks, policy), policy, policy.wall_seconds
        )
        judgement = judge_run(transcript, policy)
        return PropertyReport(
            judgement.verdict,
            judgement.message,
            self.name,
            policy,
            transcript.seconds,
            property_facts(transcript, [check.call_id for check in checks], policy),
        )

    def _run_report(self, transcript: Transcript, calls: Sequence[CallInput], policy: Policy) -> RunReport:
        judgement = judge_run(transcript, policy)
        return RunReport(
            judgement.verdict,
            judgement.message,
            self.name,
            policy,
            transcript.seconds,
            call_facts(transcript, [call.call_id for call in calls], policy),
        )

    async def _supervised(self, job: Job, policy: Policy, wall_seconds: float) -> Transcript:
        """The run in a thread, so that its deadline does not wait for the loop; killed if the caller gives up."""
        loop = asyncio.get_running_loop()
        cancelled = os.eventfd(0, os.EFD_CLOEXEC)
        running = loop.run_in_executor(self._threads, self._supervise, job, policy, wall_seconds, cancelled)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            os.eventfd_write(cancelled, 1)
            await asyncio.wait([running])
            raise
        finally:
            os.close(cancelled)

    def _supervise(self, job: Job, policy: Policy, wall_seconds: float, cancelled: int) -> Transcript:
        reader = FrameReader(job.nonce, max_call_body(policy.result_bytes, policy.tail_bytes))
        answers = len(job.replacements) * len(job.tasks)
        identity = self._identity()

        def command(info_fd: int, seccomp_fd: int) -> list[str]:
            return launcher_arguments(
                self._bubblewrap,
                self._runtime,
                self._harness,
                identity,
                policy.file_bytes,
                info_fd=info_fd,
                seccomp_fd=seccomp_fd,
            )

        with Isolation(command, ENVIRONMENT, self._seccomp) as isolation:
            supervisor = Supervisor(isolation, memoryview(to_bytes(job)), reader, answers, wall_seconds, cancelled)
            transcript = supervisor.watch()
        if transcript.stop is not Stop.CANCELLED:
            self._require_started(transcript, as_root=isinstance(identity, LeasedUser))
        return transcript

    def _require_started(self, transcript: Transcript, *, as_root: bool) -> None:
        ready = transcript.ready
        if ready is None:
            remedy = (
                "Give the sandbox CAP_SYS_ADMIN, or run it as an unprivileged user."
                if as_root
                else "Allow unprivileged user namespaces (sysctl user.max_user_namespaces above 0, "
                "kernel.apparmor_restrict_unprivileged_userns 0), or run the sandbox as root."
            )
            reason = transcript.diagnostics or transcript.detail or "the guest did not start in time"
            raise IsolationUnavailable("bubblewrap", reason, remedy)
        promised = (self._runtime.version, str(self._runtime.executable))
        if (ready.version, ready.executable) != promised:
            raise IsolationUnavailable(
                "python",
                f"the guest runs {ready.version} at {ready.executable}, not {' at '.join(promised)}",
                "Make sure that only one installation of this Python version is in the host's library path.",
            )


def _job(mode: Mode, program: Program, replacements: Sequence[str | None], tasks: list[Task], policy: Policy) -> Job:
    limits = Limits(**{name: getattr(policy, name) for name in Limits._fields})
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Job(nonce, mode, program.module_source, program.entrypoint, list(replacements), limits, tasks)


def _call_tasks(calls: Sequence[CallInput]) -> list[Task]:
    return [Task(list(call.arguments.args), dict(call.arguments.kwargs)) for call in calls]


def _prepared(mount: HarnessMount) -> HarnessMount:
    """Compiled ahead where the installation can be written; the guest can't, and would compile at each start."""
    compileall.compile_dir(mount.source, quiet=2)
    return mount
