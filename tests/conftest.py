"""Servers for the tests that ask for them: nothing starts for those that do not."""

from __future__ import annotations

from hypothesis import settings

pytest_plugins = ["deploy.local.pytest_servers", "deploy.sandbox.pytest_engines"]

# How long one example takes says nothing on a shared machine.
settings.register_profile("autodev", deadline=None)
settings.load_profile("autodev")
