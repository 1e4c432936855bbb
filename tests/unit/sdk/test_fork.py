"""Each process reports for itself, however it came to be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# A broker in a file, since a fork shares no memory: every send appends its records.
SCRIPT = """
import asyncio, multiprocessing, os, sys
from pathlib import Path

import autodev
from autodev.ids import AgentId, TenantId
from autodev.sdk.runtime import RUNTIME
from autodev.sdk.settings import Settings
from autodev.sdk.transport import CAUGHT_UP

LOG = Path(sys.argv[1])


class FileTransport:
    async def send(self, records):
        with LOG.open("ab") as log:
            for record in records:
                log.write(b"%d %s %s\\n" % (os.getpid(), record.topic.encode(), record.value))
        return 0

    async def promotions(self):
        yield CAUGHT_UP
        await asyncio.Event().wait()

    async def close(self):
        pass

@autodev.skill
def half(number):
    return number / 2

def work():
    half(4)

settings = Settings(TenantId("acme"), AgentId("pilot"), "file", LOG.parent / "spool")
RUNTIME.use(RUNTIME.connect(settings, lambda _: FileTransport()))
half(2)
autodev.flush(10)
"""

WAYS = {
    "os.fork": """
pid = os.fork()
if pid == 0:
    half(4)
    autodev.flush(10)
    os._exit(0)
os.waitpid(pid, 0)
""",
    "multiprocessing": """
child = multiprocessing.get_context("fork").Process(target=work)
child.start()
child.join()
""",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_forked_child_reports_its_own_calls_and_not_its_parents(way: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    script = tmp_path / "agent.py"
    script.write_text(SCRIPT + WAYS[way])
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", str(script), str(log)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ.copy(),
    )
    assert done.returncode == 0, done.stderr
    executed = [line for line in log.read_text().splitlines() if "agent.skill.executed.v1" in line]
    parent, child = (line.split()[0] for line in executed)
    assert parent != child
    assert ['"args":[2]' in executed[0], '"args":[4]' in executed[1]] == [True, True]
