"""Files that a launcher had to leave in place are out of reach all the same."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autodev.sandbox.guest import hide

pytestmark = pytest.mark.isolation

HIDING = """
import json, os, sys
from autodev.sandbox.guest.hide import hide_all_but

visible, paths = json.loads(sys.argv[1])
hide_all_but(tuple(visible))

def opened(path, flags):
    try:
        os.close(os.open(path, flags, 0o600))
    except OSError as error:
        return error.strerror
    return "opened"

print(json.dumps({path: [opened(path, os.O_RDONLY), opened(path, os.O_WRONLY)] for path in paths}))
"""


def hidden(visible: list[str], paths: list[str]) -> dict[str, list[str]]:
    """What reading and writing each path comes to for a process that hid all but `visible`."""
    ended = subprocess.run(
        [sys.executable, "-c", HIDING, json.dumps([visible, paths])], capture_output=True, text=True, check=False
    )
    if "takes Landlock" in ended.stderr:
        pytest.skip(ended.stderr.strip())
    assert not ended.stderr
    told: dict[str, list[str]] = json.loads(ended.stdout)
    return told


def test_only_what_stays_visible_can_be_opened_and_only_scratch_can_be_written() -> None:
    with tempfile.NamedTemporaryFile(dir="/tmp") as scratch:
        told = hidden(["/usr", "/dev/null"], ["/usr", "/etc/passwd", "/proc/self/environ", "/dev/null", scratch.name])

    refused, opened = "Permission denied", "opened"
    assert told == {
        "/usr": [opened, "Is a directory"],
        "/etc/passwd": [refused, refused],
        "/proc/self/environ": [refused, refused],
        "/dev/null": [opened, opened],
        scratch.name: [opened, opened],
    }


def test_what_is_not_there_can_not_stay_visible(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", HIDING, json.dumps([[str(tmp_path / "missing")], []])],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "the guest could not" in ended.stderr


@pytest.mark.parametrize("version", [-1, 0, 1])
def test_a_kernel_that_can_not_hide_files_runs_nothing(monkeypatch: pytest.MonkeyPatch, version: int) -> None:
    monkeypatch.setattr(hide, "libc", lambda *_: version)

    with pytest.raises(SystemExit, match="takes Landlock 2"):
        hide.hide_all_but(("/usr",))
