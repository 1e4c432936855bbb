"""The demo in its short form, in a stack of its own: real flights, real topics, six services, real isolation."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = 360


@pytest.mark.kafka
@pytest.mark.postgres
@pytest.mark.isolation
@pytest.mark.timeout(SECONDS + 60)
def test_every_tool_that_fails_is_fixed_while_the_agent_works(tmp_path: Path) -> None:
    picture = tmp_path / "demo" / "failure-rate.png"

    demo = subprocess.run(
        [
            sys.executable,
            "-m",
            "examples.flights.demo",
            "--short",
            f"--stack={tmp_path / 'stack'}",
            f"--output={picture.parent}",
        ],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert picture.stat().st_size > 10_000
