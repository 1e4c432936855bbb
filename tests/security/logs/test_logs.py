"""Whatever is logged becomes one line of printable JSON: nothing sent can forge a line or drive a terminal."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = r"""
import logging, structlog
from autodev.telemetry.setup import set_up_telemetry
set_up_telemetry("test")
hostile = "\x1b[31mred\r\n{\"level\": \"info\"} \u202e <script> \x00 \ud800 \u2028"
log = structlog.get_logger("test")
log.warning("refused", field=hostile, **{hostile: hostile})
log.error(hostile)
logging.getLogger("library").error("%s", hostile)
try:
    raise ValueError(hostile)
except ValueError as error:
    log.error("failed", exc_info=error)
    logging.getLogger("library").exception(hostile)
log.info("bytes", value=b"\xff\x1b", number=float("nan"))
"""


def test_every_line_is_json_of_printable_ascii() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True, timeout=60)
    assert done.stdout == b""
    lines = done.stderr.split(b"\n")[:-1]
    assert len(lines) == 6
    for line in lines:
        assert line.decode("ascii").isprintable()
        assert json.loads(line)["service"] == "test"
