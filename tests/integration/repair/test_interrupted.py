"""Ctrl-C on a search: it says what it has, and nothing of it goes on running."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.local.processes.process_tree import Process, is_alive, with_descendants
from tests.integration.repair.command import ADULT, ADULTS, written

pytestmark = pytest.mark.isolation
CONTRADICTION = [*ADULTS, ("adult(40)", "'yes'"), ("adult(40)", "'no'")]
PATIENCE = 60.0


def left_running(processes: tuple[Process, ...]) -> list[Process]:
    """Those of them that still run, once they had time to end."""
    deadline = time.monotonic() + PATIENCE
    while (left := [each for each in processes if is_alive(each)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupt_says_what_was_found_and_leaves_nothing_running(tmp_path: Path, times: int) -> None:
    module, cases = written(tmp_path, ADULT, CONTRADICTION)
    command = [
        str(Path(sys.executable).parent / "autodev"),
        "repair",
        str(module),
        "--entrypoint",
        "adult",
        "--cases",
        str(cases),
    ]
    with subprocess.Popen(
        [*command, "--cases", str(cases), "--budget-seconds", "300", "-o", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        assert "candidates, best" in first
        began = with_descendants([process.pid])
        assert len(began) > 1
        process.send_signal(signal.SIGINT)
        if times == 2:
            told = process.stderr.readline() + process.stderr.readline()
            assert "again ends at once" in told
            process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert left_running(began) == []
    if times == 1:
        assert "the search ends with what it has" in stderr
        told_json = json.loads(stdout)
        assert (told_json["interrupted"], told_json["fixed"]) == (True, False)
        assert told_json["best_share"] >= 0.5
