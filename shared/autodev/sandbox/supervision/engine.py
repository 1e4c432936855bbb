"""An `Engine` on any kind of isolation: takes one for each job, watches it, and makes of it a report."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from autodev.sandbox.errors import IsolationUnavailable
from autodev.sandbox.guest.job import Job, Limits, Task, confinement_bytes, job_bytes
from autodev.sandbox.guest.wire import NONCE_BYTES, max_call_body
from autodev.sandbox.policy import Policy
from autodev.sandbox.program import CallInput, Program, PropertyInput
from autodev.sandbox.report import PropertyReport, RunReport
from autodev.sandbox.supervision.attribution import attributed
from autodev.sandbox.supervision.frames import FrameReader
from autodev.sandbox.supervision.isolation import Launcher
from autodev.sandbox.supervision.placement import on_one_cpu
from autodev.sandbox.supervision.pool import WarmPool
from autodev.sandbox.supervision.reports import property_report, run_report, search_reports
from autodev.sandbox.supervision.supervisor import Supervisor
from autodev.sandbox.supervision.transcript import Stop, Transcript

if TYPE_CHECKING:
    from autodev.sandbox.guest.job import Mode

_THREADS = 64
"""Runs at one time at most; a service limits itself to far fewer."""


class SupervisedEngine:
    """See `Engine`. Isolations end with the threads that made them, so keep it as long as anything runs."""

    def __init__(self, launcher: Launcher, *, warm: int = 0) -> None:
        """`warm`: isolations that are kept started ahead, each for one job."""
        self._launcher = launcher
        self._pool = WarmPool(launcher, warm)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="sandbox")

    @property
    def name(self) -> str:
        return self._launcher.name

    @property
    def image(self) -> str | None:
        """Which image isolations are made of, where they are made of one."""
        return self._launcher.image

    def warm_up(self, policy: Policy) -> None:
        """Start isolations for `policy` ahead of the first job that has it. Returns at once."""
        self._pool.refill(policy)

    async def waiting(self, policy: Policy) -> None:
        """Return once an isolation for `policy` waits; at once where none is kept."""
        await asyncio.to_thread(self._pool.wait_for, policy)

    def close(self) -> None:
        """End the isolations that nobody took."""
        self._pool.close()
        self._launcher.close()

    async def run(self, program: Program, calls: Sequence[CallInput], policy: Policy) -> RunReport:
        job = _job("alone", program, [program.replacement], _call_tasks(calls), policy)
        transcript = await self._supervised(job, policy, policy.wall_seconds)
        return run_report(self.name, transcript, calls, policy)

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
        return search_reports(self.name, transcript, len(replacements), calls, policy)

    async def check_properties(
        self, program: Program, checks: Sequence[PropertyInput], policy: Policy
    ) -> PropertyReport:
        tasks = [Task(list(check.arguments.args), dict(check.arguments.kwargs), check.result) for check in checks]
        job = _job("property", program, [None], tasks, policy)
        transcript = await self._supervised(job, policy, policy.wall_seconds)
        return property_report(self.name, transcript, checks, policy)

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
        reader = FrameReader(job.nonce, max_call_body(policy.result_bytes, policy.head_bytes + policy.tail_bytes))
        answers = len(job.replacements) * len(job.tasks)
        asked = time.monotonic()
        isolation = self._pool.take(policy)
        taken = time.monotonic()
        try:
            with on_one_cpu() as (cpu, cpus):
                confinement = isolation.confine(policy)
                confinement.cpu, confinement.cpus = cpu, cpus
                said = confinement_bytes(confinement) + job_bytes(job)
                supervisor = Supervisor(isolation, memoryview(said), reader, answers, wall_seconds, cancelled)
                supervisor.say()
                transcript = supervisor.watch(meanwhile=partial(self._pool.refill, policy))
        finally:
            ending = time.monotonic()
            isolation.end()
            self._pool.refill(policy)
        if transcript.stop is not Stop.CANCELLED:
            self._require_started(transcript)
        return replace(
            attributed(transcript),
            take_seconds=taken - asked,
            answered_seconds=ending - asked,
            end_seconds=time.monotonic() - ending,
        )

    def _require_started(self, transcript: Transcript) -> None:
        ready = transcript.ready
        if ready is None:
            raise self._launcher.did_not_start(transcript)
        if ready.version != sys.version:
            raise IsolationUnavailable(
                "python",
                f"the guest runs {ready.version} at {ready.executable}, not {sys.version}",
                "Make sure that only one installation of this Python version is in the host's library path.",
            )


def _job(mode: Mode, program: Program, replacements: Sequence[str | None], tasks: list[Task], policy: Policy) -> Job:
    share = max(policy.result_bytes, policy.search_result_bytes // max(1, len(replacements)))
    limits = Limits(share_bytes=share, **policy.model_dump(include=set(Limits.__slots__)))
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Job(nonce, mode, program.module_source, program.entrypoint, list(replacements), limits, tasks)


def _call_tasks(calls: Sequence[CallInput]) -> list[Task]:
    return [Task(list(call.arguments.args), dict(call.arguments.kwargs)) for call in calls]
