"""Servers for the tests that ask for them: nothing starts for those that do not."""

from __future__ import annotations

pytest_plugins = ["deploy.local.pytest_servers"]
