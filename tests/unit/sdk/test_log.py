"""What the agent's logs are spared."""

from __future__ import annotations

import logging
from threading import Thread

import pytest

from autodev.sdk.log import THREAD, silence, warn_once


def test_a_library_is_silent_on_the_background_thread_only(caplog: pytest.LogCaptureFixture) -> None:
    client = logging.getLogger("some_client.connection")
    silence("some_client")
    background = Thread(target=client.error, args=("can't connect, again",), name=THREAD)
    background.start()
    background.join()
    client.error("the agent's own client")
    assert caplog.messages == ["the agent's own client"]


def test_what_would_repeat_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        warn_once("a test", "said once")
    assert caplog.messages == ["a test: said once"]
