"""The gate's own process: what it says is what the gate says, and its loss is no one else's."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator

import pytest

from autodev.sandbox.gate import GateProcess, Safety, inspect
from autodev.sandbox.gate.worker import CPU_SECONDS
from tests.unit.sandbox.gate.test_inspection import HOSTILE, MODULE


@pytest.fixture
def gate() -> Iterator[GateProcess]:
    with GateProcess(seconds=20) as gate:
        yield gate


def process_of(gate: GateProcess) -> int:
    assert gate._worker is not None
    return gate._worker.pid


def test_it_says_what_the_gate_says(gate: GateProcess) -> None:
    replacements = [None, "def speed(x:", "def speed(x):\n    import socket\n", "def velocity(x): ...", *HOSTILE]
    found = gate.inspect(MODULE, "speed", replacements, Safety.HIGH_RISK)
    assert found is not None
    # How much nesting the parser takes depends on where it runs; of these nothing is certain anywhere.
    certain = [[each for each in findings if each.is_certain] for findings in found]
    assert certain[:4] == [
        [each for each in inspect(MODULE, "speed", replacement, Safety.HIGH_RISK) if each.is_certain]
        for replacement in replacements[:4]
    ]
    assert [len(findings) for findings in found[:4]] == [0, 1, 1, 1]
    assert len(found) == len(replacements)


def test_one_process_serves_many_requests(gate: GateProcess) -> None:
    gate.inspect(MODULE, "speed", [None])
    first = process_of(gate)
    assert gate.inspect(MODULE, "speed", ["x" * 300_000]) is not None
    assert process_of(gate) == first


def test_text_that_keeps_it_busy_is_not_inspected_and_the_next_is(gate: GateProcess) -> None:
    gate.inspect(MODULE, "speed", [None])
    assert gate._worker is not None
    gate._worker.send_signal(signal.SIGSTOP)
    gate._seconds = 0.2
    began = time.monotonic()
    assert gate.inspect(MODULE, "speed", [None]) is None
    assert time.monotonic() - began < 10
    gate._seconds = 20
    assert gate.inspect(MODULE, "speed", [None]) == [()]


def test_text_that_keeps_it_busy_is_ended_by_its_cpu_time_however_long_the_wait() -> None:
    assert 0 < CPU_SECONDS <= 2
    with GateProcess() as patient:
        assert patient._seconds >= 4 * CPU_SECONDS, "on a busy machine the process has to begin within the wait"


def test_text_that_takes_it_down_is_not_inspected_and_the_next_is(gate: GateProcess) -> None:
    gate.inspect(MODULE, "speed", [None])
    assert gate._worker is not None
    gate._worker.kill()
    gate._worker.wait()
    assert gate.inspect(MODULE, "speed", [None]) is None
    assert gate.inspect(MODULE, "speed", [None]) == [()]


def test_requests_at_once_take_turns(gate: GateProcess) -> None:
    found: dict[int, object] = {}

    def ask(number: int) -> None:
        found[number] = gate.inspect(MODULE, "speed", ["def speed(x): ..."] * number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: [()] * number for number in range(1, 9)}


def test_nothing_is_left_of_a_closed_one(gate: GateProcess) -> None:
    gate.inspect(MODULE, "speed", [None])
    assert gate._worker is not None
    worker = gate._worker
    gate.close()
    assert worker.poll() is not None
