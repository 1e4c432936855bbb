"""What a status says, and its exit code."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from deploy.local.stack.readiness import failing_checks
from deploy.local.stack.status import Outcome, PartStatus, outcome_of, without_password
from deploy.local.terminal.status_table import status_table

_READY = PartStatus(part="kafka", pid=7, state="running", address="127.0.0.1:20001", ready=True)
_BROKEN = PartStatus(part="console", pid=0, state="fatal", address="", ready=False, reason="does not answer")


def test_nothing_running_is_no_failure() -> None:
    assert outcome_of(()) is Outcome.NOTHING_RUNS


def test_one_part_that_is_not_ready_spoils_the_outcome() -> None:
    assert outcome_of((_READY, _BROKEN)) is Outcome.NOT_READY
    assert outcome_of((_READY,)) is Outcome.READY


def test_the_table_says_why_a_part_is_not_ready() -> None:
    console = Console(width=120, file=StringIO())
    console.print(status_table([_READY, _BROKEN]))
    assert isinstance(console.file, StringIO)
    assert "console is not ready: does not answer" in console.file.getvalue()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:secret@db:5432/x", "postgresql://me@db:5432/x"),
        ("postgresql://db/x", "postgresql://db/x"),
        ("postgresql://db/x?password=secret", "postgresql://db/x"),
    ],
)
def test_a_shown_database_address_holds_no_password(url: str, shown: str) -> None:
    assert without_password(url) == shown


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            b'{"ready":false,"checks":{"group":"not joined yet","database":"ok","outbox":"away"}}',
            "group: not joined yet; outbox: away",
        ),
        (b'{"checks": [1]}', ""),
        (b"<html>busy</html>", ""),
        (b"", ""),
    ],
)
def test_the_reason_is_what_the_failing_checks_say(answer: bytes, said: str) -> None:
    assert failing_checks(answer) == said
