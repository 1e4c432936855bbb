"""Reading the logs of the parts."""

from __future__ import annotations

import threading
from contextlib import closing
from itertools import islice
from pathlib import Path

from deploy.local.terminal.logs import Line, follow, last_lines, log_files


def _log(directory: Path, part: str, text: str) -> Path:
    (directory / "logs").mkdir(exist_ok=True)
    path = directory / "logs" / f"{part}.log"
    path.write_text(text)
    return path


def test_the_last_lines_of_every_part_are_shown(tmp_path: Path) -> None:
    _log(tmp_path, "a", "1\n2\n3\n")
    _log(tmp_path, "b", "x\n")
    assert list(last_lines(log_files(tmp_path), 2)) == [Line("a", "2"), Line("a", "3"), Line("b", "x")]


def test_bytes_that_are_no_text_do_not_end_the_reading(tmp_path: Path) -> None:
    _log(tmp_path, "a", "").write_bytes(b"\xff\xfe\n")
    assert [line.part for line in last_lines(log_files(tmp_path), 5)] == ["a"]


def test_a_log_is_followed_through_its_rotation(tmp_path: Path) -> None:
    path = _log(tmp_path, "a", "old\n")

    def write_and_rotate() -> None:
        with path.open("a") as log:
            log.write("half a ")
            log.flush()
            log.write("line\n")
        path.rename(path.with_suffix(".log.1"))
        path.write_text("after\n")

    writer = threading.Timer(0.1, write_and_rotate)
    writer.start()
    with closing(follow(log_files(tmp_path))) as lines:
        assert list(islice(lines, 2)) == [Line("a", "half a line"), Line("a", "after")]
    writer.join()
