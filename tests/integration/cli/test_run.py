"""`autodev run` in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from autodev.cli.exits import ExitCode

NOWHERE = {
    "AUTODEV_KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:1",
    "AUTODEV_DATABASE__URL": "postgresql://nobody@127.0.0.1:1/none",
    "AUTODEV_HTTP__PORT": "0",
}


def test_a_service_that_is_stopped_while_it_is_being_imported_ends_well() -> None:
    program = (sys.executable, "-X", "importtime", "-m", "autodev", "run", "ingestion")
    with subprocess.Popen(
        program, cwd=Path(__file__).parents[3], env=os.environ | NOWHERE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert any("sqlalchemy" in line for line in process.stderr)  # its first part; hundreds are to come
        process.send_signal(signal.SIGTERM)
        process.stderr.read()
    assert process.returncode == ExitCode.OK
