"""A stand-in for the command line `autodev`: it does nothing, but is up when it should be.

Run as a program: `db upgrade`, `topics apply`, or `run SERVICE`. A file named `break-<first argument>` or
`break-<service>` in the directory STAND_IN_FAULTS makes that call fail.
"""

from __future__ import annotations

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


def main(*arguments: str) -> None:
    subject = arguments[1] if arguments[0] == "run" else arguments[0]
    if (Path(os.environ.get("STAND_IN_FAULTS", "/nonexistent")) / f"break-{subject}").exists():
        sys.exit(f"{subject} is broken on purpose")
    sys.stdout.write(f"{subject} with {os.environ['AUTODEV_KAFKA__BOOTSTRAP_SERVERS']}\n")
    sys.stdout.flush()
    if arguments[0] == "run":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        address = (os.environ["AUTODEV_HTTP__HOST"], int(os.environ["AUTODEV_HTTP__PORT"]))
        ThreadingHTTPServer(address, _Ready).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
