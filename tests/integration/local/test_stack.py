"""A stack goes up, is repaired and goes down; its servers are real, its services stand-ins."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from rich.console import Console

from deploy.local.processes.leftovers import stack_processes
from deploy.local.stack.autodev_command import Autodev
from deploy.local.stack.down import bring_down, purge
from deploy.local.stack.new_state import OwnServers
from deploy.local.stack.running import PartFailedError, Stack
from deploy.local.stack.state import SERVICES, load
from deploy.local.stack.status import OWN, Outcome, outcome_of, status_of
from deploy.local.stack.up import STEPS, Ascent
from deploy.local.terminal.progress import Progress

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

_STAND_IN = Autodev((sys.executable, str(Path(__file__).with_name("stand_in_autodev.py"))))


async def _up(directory: Path, own: OwnServers) -> Stack:
    return await Ascent(directory, own, _STAND_IN, Progress(Console(quiet=True), STEPS)).run()


async def _pid(directory: Path, part: str) -> int:
    return next(status.pid for status in await status_of(directory) if status.part == part)


async def _until(condition: Callable[[], Awaitable[bool]], *, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - other processes are waited for, which set no event here
            await asyncio.sleep(0.05)


async def _is_ready(directory: Path) -> bool:
    return outcome_of(await status_of(directory)) is Outcome.READY


@pytest.fixture
def own(kafka_bootstrap: str, postgres_url: str) -> OwnServers:
    """The session's servers, as a user's own: a stack with them is up in a second."""
    return OwnServers(kafka_bootstrap, postgres_url)


@pytest.fixture
async def directory(tmp_path: Path) -> AsyncIterator[Path]:
    """A directory whose stack is brought down whatever the test does."""
    yield tmp_path / "stack"
    await bring_down(tmp_path / "stack")


@pytest.fixture
def faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STAND_IN_FAULTS", str(tmp_path))
    return tmp_path


async def test_a_stack_with_its_own_servers_comes_up_ready_and_leaves_no_process(server_directory: Path) -> None:
    directory = server_directory / "stack"
    try:
        await _up(directory, OwnServers())
        parts = await status_of(directory)
        assert outcome_of(parts) is Outcome.READY
        assert {part.part for part in parts} == {"kafka", "postgres", *SERVICES}
    finally:
        descent = await bring_down(directory)
    assert descent.found > len(SERVICES)
    assert descent.killed == ()
    assert not stack_processes(directory)
    assert await status_of(directory) == ()


async def test_servers_of_the_users_own_are_used_and_left_running(directory: Path, own: OwnServers) -> None:
    stack = await _up(directory, own)
    assert stack.parts == SERVICES
    assert {part.part for part in await status_of(directory) if part.state == OWN} == {"kafka", "postgres"}
    assert f"ingestion with {own.kafka}" in (directory / "logs" / "ingestion.log").read_text()


async def test_a_second_up_finds_the_first(directory: Path, own: OwnServers) -> None:
    await _up(directory, own)
    before = await status_of(directory)
    await _up(directory, own)
    assert [part.pid for part in await status_of(directory)] == [part.pid for part in before]


async def test_a_killed_service_comes_back_by_itself(directory: Path, own: OwnServers) -> None:
    await _up(directory, own)
    await asyncio.sleep(1.1)  # younger than a second, it would count as one that fails to start
    killed = await _pid(directory, "fitness")
    os.kill(killed, signal.SIGKILL)

    async def is_back() -> bool:
        return await _pid(directory, "fitness") not in {0, killed}

    await _until(is_back, seconds=10)
    await _until(lambda: _is_ready(directory), seconds=10)


async def test_a_service_can_be_left_out_until_the_next_up(directory: Path, own: OwnServers) -> None:
    stack = await _up(directory, own)
    await stack.stop(["console"])
    assert outcome_of(await status_of(directory)) is Outcome.NOT_READY
    await _up(directory, own)
    assert await _is_ready(directory)


async def test_what_a_killed_supervisor_left_behind_is_replaced(directory: Path, own: OwnServers) -> None:
    await _up(directory, own)
    ports = (load(directory) or pytest.fail("no state")).ports
    os.kill(int((directory / "supervisord.pid").read_text()), signal.SIGKILL)
    stack = await _up(directory, own)
    assert stack.state.ports == ports
    assert await _is_ready(directory)


@pytest.mark.parametrize(("broken", "part"), [("db", "migrations"), ("topics", "topics"), ("sandbox", "sandbox")])
async def test_a_part_that_fails_is_named_with_the_end_of_its_log(
    directory: Path, own: OwnServers, faults: Path, broken: str, part: str
) -> None:
    (faults / f"break-{broken}").touch()
    with pytest.raises(PartFailedError, match=rf"^{part} (?s:.*){broken} is broken on purpose"):
        await _up(directory, own)


async def test_after_the_fault_is_gone_another_up_completes_the_stack(
    directory: Path, own: OwnServers, faults: Path
) -> None:
    (faults / "break-proposals").touch()
    with pytest.raises(PartFailedError):
        await _up(directory, own)
    (faults / "break-proposals").unlink()
    await _up(directory, own)
    assert await _is_ready(directory)


async def test_a_broker_that_does_not_answer_is_not_accepted(directory: Path, postgres_url: str) -> None:
    with pytest.raises(RuntimeError, match="your own kafka cannot be used: no broker answers at 127"):
        await _up(directory, OwnServers("127.0.0.1:1", postgres_url))


async def test_purging_leaves_no_state(directory: Path, own: OwnServers) -> None:
    await _up(directory, own)
    await bring_down(directory)
    purge(directory)
    assert load(directory) is None
