"""Two who settle letters at once do so one after the other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autodev.events.catalogue import DEAD_LETTER_HANDLED, TASK_REPORTED
from tests.integration.cli import slow_redrive
from tests.integration.cli.post import Post, given_up

pytestmark = pytest.mark.kafka

CHECKOUT = Path(__file__).parents[3]
LETTERS = ("ingestion/0/0", "ingestion/0/1")


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    with subprocess.Popen(arguments, cwd=CHECKOUT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def settling(post: Post) -> Iterator[subprocess.Popen[str]]:
    """A process that is amid settling both letters."""
    connection = post.connection
    program = (sys.executable, "-m", slow_redrive.__name__, connection.bootstrap_servers, connection.prefix)
    with started(*program, *LETTERS) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "settling\n"
        yield process


@contextmanager
def waiting() -> Iterator[subprocess.Popen[str]]:
    """`autodev dlq redrive --all` in a process of its own, which has said that it waits."""
    with started(sys.executable, "-m", "autodev", "dlq", "redrive", "--all", "--yes") as process:
        assert process.stderr is not None
        assert "another command is settling letters" in process.stderr.readline()
        yield process


def test_who_comes_second_waits_and_finds_the_letters_settled(post: Post) -> None:
    post.put(given_up(offset=1), given_up(offset=2))
    with settling(post) as first, waiting() as second:
        first.communicate()
        assert first.returncode == 0
        assert "2 already handled" in second.communicate()[0]
    assert len(post.written(TASK_REPORTED.name)) == len(post.written(DEAD_LETTER_HANDLED.name)) == 2


def test_who_waits_goes_on_when_the_first_has_died(post: Post) -> None:
    post.put(given_up(offset=1), given_up(offset=2))
    with settling(post) as first, waiting() as second:
        os.kill(first.pid, signal.SIGKILL)
        assert "2 redriven" in second.communicate()[0]
    assert len(post.written(TASK_REPORTED.name)) == len(post.written(DEAD_LETTER_HANDLED.name)) == 2


def test_who_was_taken_for_dead_writes_no_audit_of_letters_that_another_has_settled(post: Post) -> None:
    post.put(given_up(offset=1), given_up(offset=2))
    with settling(post) as first, waiting() as second:
        os.kill(first.pid, signal.SIGSTOP)
        assert "2 redriven" in second.communicate()[0]
        os.kill(first.pid, signal.SIGCONT)
        time.sleep(5)  # its next heartbeat, which nobody else sees, is some milliseconds away
        assert "TurnLostError" in first.communicate()[1]
    assert len(post.written(DEAD_LETTER_HANDLED.name)) == 2
