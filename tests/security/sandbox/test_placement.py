"""Supervisor and guest are kept on one CPU while they talk, and nobody is while the guest's code runs."""

from __future__ import annotations

import os

import pytest

from autodev.events.models.call import Returned
from autodev.sandbox import Arguments, CallInput, Policy, Program, namespace_engine
from autodev.sandbox.supervision.placement import on_one_cpu

pytestmark = pytest.mark.isolation

WHERE = Program("import os\ndef where():\n    return sorted(os.sched_getaffinity(0))\n", "where")


@pytest.mark.parametrize("warm", [0, 1])
async def test_calls_run_on_any_cpu_that_the_supervisor_may_use(warm: int) -> None:
    engine, calls = namespace_engine(warm=warm), [CallInput("1", Arguments()), CallInput("2", Arguments())]
    try:
        engine.warm_up(Policy())
        await engine.waiting(Policy())
        report = await engine.run(WHERE, calls, Policy())
    finally:
        engine.close()

    answers = [call.outcome.value for call in report.calls if isinstance(call.outcome, Returned)]
    assert answers == [sorted(os.sched_getaffinity(0))] * 2


def test_the_supervisors_thread_is_free_again_afterwards() -> None:
    allowed = os.sched_getaffinity(0)
    with on_one_cpu() as (cpu, cpus):
        kept = os.sched_getaffinity(0)
    assert (kept, set(cpus)) == (({cpu}, allowed) if len(allowed) > 1 else (allowed, set()))
    assert os.sched_getaffinity(0) == allowed


def test_a_supervisor_that_has_one_cpu_only_stays_there() -> None:
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        with on_one_cpu() as placement:
            assert placement == (None, ())
    finally:
        os.sched_setaffinity(0, allowed)
