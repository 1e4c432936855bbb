"""Servers for the tests that ask for them: nothing starts for those that do not."""

from __future__ import annotations

import signal

from hypothesis import settings

pytest_plugins = ["deploy.local.pytest_servers", "deploy.sandbox.pytest_engines"]

# How long one example takes says nothing on a shared machine.
settings.register_profile("autodev", deadline=None)
settings.load_profile("autodev")

# A shell that starts the tests in the background has them, and all they start, ignore Ctrl-C; some are about it.
signal.signal(signal.SIGINT, signal.default_int_handler)
