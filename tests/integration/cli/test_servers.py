"""Commands on a real broker and a real database."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from autodev.cli.app import app
from autodev.cli.exits import ExitCode
from autodev.events.catalogue import SUBSCRIPTIONS, TOPICS


@pytest.fixture
def broker(kafka_bootstrap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker shared by the session, with a prefix of this test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTODEV_KAFKA__BOOTSTRAP_SERVERS", kafka_bootstrap)
    monkeypatch.setenv("AUTODEV_KAFKA__TOPIC_PREFIX", f"cli-{uuid4().hex[:8]}.")


@pytest.fixture
def database(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTODEV_DATABASE__URL", database_url)


def _autodev(*arguments: str, stdin: str | None = None, code: ExitCode = ExitCode.OK) -> str:
    result = CliRunner().invoke(app, list(arguments), input=stdin)
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.kafka
@pytest.mark.usefixtures("broker")
def test_topics_are_created_once_and_then_present() -> None:
    def states(command: str) -> set[tuple[str, str]]:
        return {(row["topic"], row["state"]) for row in json.loads(_autodev("topics", command, "-o", "json"))}

    names = {topic.name for topic in TOPICS}
    assert states("list") == {(name, "missing") for name in names}
    assert states("apply") == {(name, "created") for name in names}
    assert states("apply") == {(name, "present") for name in names}


@pytest.mark.kafka
@pytest.mark.usefixtures("broker")
def test_an_event_that_was_sent_is_seen_by_its_tenant_alone() -> None:
    _autodev("topics", "apply")
    sent = _autodev("events", "send", "--agent", "planner", "--tenant", "acme", "--description", "book", "-o", "json")
    tail = ("events", "tail", "--from-start", "--until-end")
    [event] = [json.loads(line) for line in _autodev(*tail, "--tenant", "acme", "-o", "json").splitlines()]
    assert event["id"] == json.loads(sent)[0]["event_id"]
    assert event["data"]["task_description"] == "book"
    assert _autodev(*tail, "--tenant", "globex") == ""


@pytest.mark.kafka
@pytest.mark.usefixtures("broker")
def test_events_of_a_file_are_sent_and_shown_as_lines() -> None:
    _autodev("topics", "apply")
    task = {"episode_id": "e1", "outcome": "failure", "tenant_id": "acme", "agent_id": "planner"}
    _autodev("events", "send", "-", stdin=json.dumps([task, {**task, "episode_id": "e2", "error_trace": "\x1b[2Jboo"}]))
    lines = _autodev("events", "tail", "--from-start", "--until-end").splitlines()
    assert len(lines) == 2
    assert all("task.failed" in line for line in lines)
    assert "\\x1b[2Jboo" in "".join(lines)


@pytest.mark.postgres
@pytest.mark.usefixtures("database")
def test_all_services_are_migrated_in_one_go_and_again_without_effect() -> None:
    first = json.loads(_autodev("db", "upgrade", "-o", "json"))
    assert [row["service"] for row in first] == list(SUBSCRIPTIONS)
    assert all(row["revision"] for row in first)
    assert json.loads(_autodev("db", "upgrade", "-o", "json")) == first


@pytest.mark.kafka
@pytest.mark.postgres
@pytest.mark.isolation
@pytest.mark.usefixtures("broker", "database")
def test_doctor_says_what_is_missing_until_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODEV_CONSOLE_URL", "http://127.0.0.1:9")

    def broken() -> set[str]:
        found = json.loads(_autodev("doctor", "-o", "json", code=ExitCode.FAILED))
        return {row["part"] for row in found if row["health"] == "broken"}

    assert {"topics", "schema console"} <= broken()
    _autodev("topics", "apply")
    _autodev("db", "upgrade")
    assert broken() == {"console"}
