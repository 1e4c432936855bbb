"""Every hostile program on every engine: it ends as a good sandbox ends it, reaches nothing and leaves nothing."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autodev import values
from autodev.cli.app import app
from autodev.events.models.call import Returned
from autodev.sandbox import Arguments, CallInput, Program, Verdict
from autodev.sandbox.engines import ENGINES
from autodev.sandbox.labels import this_process
from autodev.sandbox.supervision.engine import SupervisedEngine
from deploy.sandbox.pytest_engines import NEVER_MISSING
from tests.security.sandbox.catalogue.hostile import QUICK, Hostile
from tests.security.sandbox.catalogue.programs import endless, memory, multiplying, results
from tests.security.sandbox.catalogue.rows import CATALOGUE, NO_PROGRAM, SECRET
from tests.security.sandbox.catalogue.running import (
    ENTRYPOINT,
    HONEST,
    Observed,
    new_mark,
    processes_bearing,
    run,
    source_of,
)

pytestmark = [pytest.mark.isolation, pytest.mark.timeout(180)]
each_engine = pytest.mark.parametrize("engine_name", list(ENGINES))
each_program = pytest.mark.parametrize("hostile", CATALOGUE, ids=lambda hostile: hostile.name)


@each_engine
@each_program
def test_it_ends_as_it_should_and_the_call_after_it_is_untouched(
    engine_name: str, hostile: Hostile, observed: Callable[[str, Hostile], Observed]
) -> None:
    seen = observed(engine_name, hostile)

    assert seen.error is None, "the supervisor never raises for what a guest does"
    assert seen.report is not None
    first, after = seen.report.calls
    hostile.expected_on(engine_name).assert_met_by(first)
    if hostile.ends_the_sandbox(engine_name):
        assert (after.verdict, after.message) == (Verdict.NO_RESULT, "the run ended before this call")
        assert seen.report.verdict is first.verdict, "the call is what ended the run"
    else:
        assert after.verdict is Verdict.OK, after
        assert isinstance(after.outcome, Returned)
        assert values.decode(after.outcome.value) == HONEST
        assert seen.report.verdict is Verdict.OK, "process 1 saw all calls through"
    assert seen.report.engine == engine_name
    assert seen.left == [], "processes outlived the run"
    assert SECRET not in repr(seen.report)


def test_the_catalogue_is_whole() -> None:
    numbers = {hostile.number for hostile in CATALOGUE} - {None}

    assert numbers.isdisjoint(NO_PROGRAM)
    assert numbers | set(NO_PROGRAM) == set(range(1, 102)), "rows of docs/sandbox-facts.md, section 3b"
    assert len({hostile.name for hostile in CATALOGUE}) == len(CATALOGUE) >= 100
    assert sum(hostile.number is None for hostile in CATALOGUE) >= 20
    peculiar = {engine for hostile in CATALOGUE for engine in hostile.on}
    assert peculiar <= {"docker", "docker-gvisor", "gvisor"}, "namespaces are the rule"
    assert {engine for hostile in CATALOGUE for engine in hostile.ends_the_sandbox_on} <= {"gvisor"}


async def test_a_process_that_is_left_would_be_seen(engine_called: Callable[[str], SupervisedEngine]) -> None:
    """Or the check that none is would hold by accident."""
    [hostile] = [each for each in CATALOGUE if each.program is endless.stopping_all_of_itself]
    mark = new_mark()
    program = Program(source_of(hostile, mark), ENTRYPOINT)
    calls = [CallInput("hostile", Arguments(args=(hostile.program.__name__,)))]
    running = asyncio.create_task(engine_called(NEVER_MISSING).run(program, calls, QUICK))
    deadline = time.monotonic() + 30
    while len(processes_bearing(mark)) < 2 and time.monotonic() < deadline:  # noqa: ASYNC110 - nobody announces it
        await asyncio.sleep(0.02)
    seen = processes_bearing(mark)
    running.cancel()
    await asyncio.wait([running])

    assert len(seen) == 2, "the call and its child"
    assert processes_bearing(mark) == []


@each_engine
async def test_a_hostile_program_troubles_none_that_runs_beside_it(
    engine_name: str, engine_called: Callable[[str], SupervisedEngine]
) -> None:
    engine = engine_called(engine_name)
    loud = [each for each in CATALOGUE if each.program in (multiplying.fork_bomb_recursive, memory.memory_bomb)]
    quiet = next(each for each in CATALOGUE if each.program is results.two_answers)

    seen = await asyncio.gather(*(run(engine, each) for each in (*loud, quiet)))

    for observed, hostile in zip(seen, (*loud, quiet), strict=True):
        assert observed.report is not None, observed.error
        hostile.expected_on(engine_name).assert_met_by(observed.report.calls[0])


async def test_the_hosts_quota_holds_the_processors_of_gvisor(
    engine_called: Callable[[str], SupervisedEngine],
) -> None:
    """Whose own clocks do not show it: see the row of `multiplying.spinners`."""
    engine = engine_called("gvisor")
    [hostile] = [each for each in CATALOGUE if each.program is multiplying.spinners]
    half = hostile.policy.model_copy(update={"cpus": 0.5})
    before = {group: _times_throttled(group) for group in _groups()}
    running = asyncio.create_task(run(engine, hostile, half))
    throttled = 0
    while not running.done():
        throttled = max([throttled, *(_times_throttled(group) - before.get(group, 0) for group in _groups())])
        await asyncio.sleep(0.02)

    assert (await running).error is None
    assert throttled > 0


def _groups() -> list[Path]:
    """Of all isolations of this process, of which no other does anything meanwhile."""
    return list(Path("/sys/fs/cgroup").glob(f"**/{this_process().name}/*/"))


def _times_throttled(group: Path) -> int:
    try:
        lines = (group / "cpu.stat").read_text().splitlines()
    except OSError:  # of another controller, or gone
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("nr_throttled ")), 0)


@each_engine
@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("endless.infinite_loop", "wall_timeout"),
        ("multiplying.fork_bomb", "pids_limit"),
        ("memory.memory_bomb", "oom"),
        ("output.stdout_flood", "output_limit"),
        ("signalling.kill_itself", "killed_by_signal"),
        ("ending.exit_at_once[0]", "no_result"),
        ("results.delivered[NaN]", "protocol_error"),
        ("results.interrupt", "guest_error"),
        ("lingering.daemonise", "ok"),
        ("output.driving_the_terminal", "ok"),
    ],
)
def test_the_command_tells_the_same(
    engine_name: str,
    name: str,
    verdict: str,
    tmp_path: Path,
    engine_called: Callable[[str], SupervisedEngine],
) -> None:
    engine_called(engine_name)  # or skip
    hostile = next(each for each in CATALOGUE if each.name == name)
    mark = new_mark()
    file = tmp_path / "program.py"
    call = f"entered({hostile.program.__name__!r}, *{hostile.arguments!r})"
    file.write_text(f"{source_of(hostile, mark)}\ndef called():\n    return {call}\n")
    options = ["--entrypoint", "called", "--timeout", "2", "--memory", "128m", "--engine", engine_name, "-o", "json"]

    ended = CliRunner().invoke(app, ["sandbox", "run", str(file), *options])

    told = json.loads(ended.stdout)
    assert (told["verdict"], told["engine"]) == (verdict, engine_name), told
    assert ended.exit_code == (0 if verdict == "ok" else 1)
    assert not set("\x1b\x07\x9b\u202e") & set(ended.stdout), "nothing drives the terminal"
    assert processes_bearing(mark) == []
