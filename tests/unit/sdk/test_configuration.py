"""Where to report to, and how to report nowhere."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autodev.sdk.settings import NotConfiguredError, is_enabled, settings_from

COMPLETE = {
    "AUTODEV_TENANT": "acme",
    "AUTODEV_AGENT": "pilot",
    "AUTODEV_KAFKA__BOOTSTRAP_SERVERS": "broker:9092",
}


def test_the_environment_is_enough() -> None:
    settings = settings_from(COMPLETE)
    assert (settings.tenant, settings.agent, settings.bootstrap_servers) == ("acme", "pilot", "broker:9092")
    assert (settings.topic_prefix, settings.source) == ("", "/agents/acme/pilot")


def test_what_is_given_comes_before_the_environment() -> None:
    settings = settings_from(COMPLETE | {"AUTODEV_KAFKA__TOPIC_PREFIX": "x."}, agent="other", topic_prefix="y.")
    assert (settings.agent, settings.topic_prefix) == ("other", "y.")


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(NotConfiguredError, match="AUTODEV_AGENT, AUTODEV_KAFKA__BOOTSTRAP_SERVERS not set"):
        settings_from({"AUTODEV_TENANT": "acme"})


def test_a_tenant_that_keys_can_not_hold_is_refused() -> None:
    with pytest.raises(NotConfiguredError, match="AUTODEV_TENANT is 'a/b'"):
        settings_from(COMPLETE, tenant="a/b")


def test_the_spool_is_where_programs_keep_their_state() -> None:
    assert settings_from(COMPLETE | {"XDG_STATE_HOME": "/state"}).spool_directory == Path("/state/autodev/spool")


def test_an_account_without_a_home_has_a_spool_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_000)
    assert settings_from(COMPLETE).spool_directory.is_absolute()


@pytest.mark.parametrize(
    ("value", "enabled"), [("false", False), ("0", False), ("OFF", False), ("true", True), ("", True)]
)
def test_the_kill_switch_is_off_only_if_it_says_so(value: str, enabled: bool) -> None:
    assert is_enabled({"AUTODEV_ENABLED": value}) is enabled


SCRIPT = """
import threading, sys, autodev
@autodev.skill
def half(number): return number / 2
assert [half(2), half(4)] == [1, 2]
assert not autodev.ready(0.1)
assert [thread.name for thread in threading.enumerate()] == ["MainThread"]
assert "aiokafka" not in sys.modules
"""


def run(environment: dict[str, str]) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AUTODEV_")}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=clean | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_without_a_configuration_skills_run_unrecorded_and_one_hint_is_given() -> None:
    [hint] = run({}).splitlines()
    assert hint.startswith("autodev records nothing: AUTODEV_TENANT, AUTODEV_AGENT, AUTODEV_KAFKA__BOOTSTRAP_SERVERS")


def test_the_kill_switch_stops_everything_silently() -> None:
    assert run(COMPLETE | {"AUTODEV_ENABLED": "false"}) == ""


def test_a_configuration_that_is_wrong_raises_nothing(caplog: pytest.LogCaptureFixture) -> None:
    import autodev
    from autodev.sdk.runtime import RUNTIME

    before = RUNTIME.client
    with caplog.at_level(logging.WARNING):
        autodev.configure(tenant="no/tenant", agent="a", kafka="broker:9092")
    assert "records nothing" in caplog.text
    RUNTIME.use(before)
