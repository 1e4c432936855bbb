"""What people decide on the command line, through the console's real API and database."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from autodev.cli.app import app
from autodev.cli.exits import ExitCode
from autodev.service.database import create_engine
from autodev.service.migrations import history
from autodev.service.probes import HttpServer
from autodev.service.settings import DatabaseSettings, HttpSettings
from deploy.local.processes.ports import free_ports
from services.console.api.application import create_api
from services.console.handlers import project
from tests.unit.console import searched, story

pytestmark = pytest.mark.postgres

WAITING = story.whole_story()[:15]
PROMOTED = story.whole_story()[:18]


class RunningConsole:
    """The console's API on a port, in a loop of its own: commands block theirs."""

    def __init__(self, database_url: str, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._settings = DatabaseSettings(url=SecretStr(database_url))
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def start(self) -> None:
        self._thread.start()
        self._wait(self._start())

    def knows(self, events: list[Any]) -> None:
        self._wait(self._project(events))

    def stop(self) -> None:
        self._wait(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _start(self) -> None:
        self._engine: AsyncEngine = create_engine(self._settings, "console")
        await history.upgrade(self._engine, "console")
        self._server = HttpServer(create_api(self._engine, {}), HttpSettings(port=self._port))
        await self._server.start()

    async def _project(self, events: list[Any]) -> None:
        async with self._engine.begin() as connection:
            await project(events, connection)

    async def _stop(self) -> None:
        await self._server.stop()
        await self._engine.dispose()


@pytest.fixture
def console(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningConsole]:
    running = RunningConsole(database_url, free_ports(1)[0])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTODEV_CONSOLE_URL", running.url)
    monkeypatch.setenv("AUTODEV_TENANT", story.TENANT)
    running.start()
    yield running
    running.stop()


def autodev(*arguments: str, code: ExitCode = ExitCode.OK) -> str:
    """The output of a command that must end with `code`."""
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result.output


def test_a_case_is_found_and_shown(console: RunningConsole) -> None:
    console.knows(WAITING)
    assert story.CASE in autodev("cases", "list", "--state", "awaiting_approval")
    shown = autodev("cases", "show", story.CASE)
    assert all(part in shown for part in ("ZeroDivisionError", "awaiting_approval", story.GOOD, story.BAD))


def test_a_case_is_shown_with_the_story_of_its_search(console: RunningConsole) -> None:
    console.knows([*WAITING[:6], *searched.search()])
    shown = autodev("cases", "show", story.CASE)
    assert all(part in shown for part in ("return km / hours", "best 0.900", "why this one", "<- chosen"))
    told = json.loads(autodev("cases", "show", story.CASE, "-o", "json"))["story"]
    assert told["choice"]["candidate_id"] == searched.RIGHT.candidate_id


def test_a_case_is_written_as_a_page_and_as_a_picture(console: RunningConsole) -> None:
    console.knows([*WAITING[:6], *searched.search()])
    assert "wrote case.html" in autodev("cases", "report", story.CASE, "--out", "case.html")
    autodev("cases", "report", story.CASE, "--out", "case.png")
    assert "+    if not minutes:" in Path("case.html").read_text()
    assert Path("case.png").read_bytes().startswith(b"\x89PNG")


def test_a_report_that_cannot_be_written_says_why(console: RunningConsole) -> None:
    console.knows([*WAITING[:6], *searched.search()])
    assert "neither .html nor .png" in autodev("cases", "report", story.CASE, "--out", "case.pdf", code=ExitCode.USAGE)
    out = "missing/case.html"
    assert "No such file" in autodev("cases", "report", story.CASE, "--out", out, code=ExitCode.FAILED)
    nothing = ("cases", "report", "nothing", "--out", "case.html")
    assert "this tenant has no" in autodev(*nothing, code=ExitCode.NOT_FOUND)


def test_a_repair_is_read_and_approved(console: RunningConsole) -> None:
    console.knows(WAITING)
    [waiting] = json.loads(autodev("candidates", "list", "--state", "validated", "-o", "json"))
    assert "+    if not minutes:" in autodev("candidates", "diff", waiting["candidate_id"])
    decided = json.loads(autodev("candidates", "approve", waiting["candidate_id"], "--by", "grace", "-o", "json"))
    assert decided["reviewer"] == "grace"
    assert decided["event_id"]


def test_what_the_state_does_not_allow_is_refused_with_its_reason(console: RunningConsole) -> None:
    console.knows(WAITING)
    assert "it is failed" in autodev("candidates", "reject", story.BAD, code=ExitCode.REFUSED)


def test_what_is_not_there_is_not_found(console: RunningConsole) -> None:
    for group in ("cases", "skills"):
        assert "this tenant has no" in autodev(group, "show", "nothing", code=ExitCode.NOT_FOUND)


def test_another_tenant_sees_nothing(console: RunningConsole) -> None:
    console.knows(PROMOTED)
    assert autodev("skills", "list", "--tenant", "globex").strip() == "no promoted skills"


def test_a_promoted_skill_is_shown_and_withdrawn(console: RunningConsole) -> None:
    console.knows(PROMOTED)
    assert "1.0.0" in autodev("skills", "list")
    assert "if not minutes:" in autodev("skills", "show", story.SKILL)
    assert "asked for by grace" in autodev("skills", "withdraw", story.SKILL, "--by", "grace")


def test_a_promoted_skill_is_rolled_back_to_the_version_before(console: RunningConsole) -> None:
    console.knows(PROMOTED)
    assert "rollback of tools.speed asked for by grace" in autodev("skills", "rollback", story.SKILL, "--by", "grace")


def test_a_case_in_canary_shows_its_counts(console: RunningConsole) -> None:
    console.knows(PROMOTED)
    assert json.loads(autodev("cases", "show", story.CASE, "-o", "json"))["canary"] == story.COUNTS.model_dump()
    shown = autodev("cases", "show", story.CASE)
    assert all(part in shown for part in ("before recurrences", "38"))


def test_settings_are_changed_and_shown(console: RunningConsole) -> None:
    autodev("workspace", "set", "enabled=true", "failure_threshold=3", "--by", "grace")
    shown = json.loads(autodev("workspace", "show", "-o", "json"))
    assert shown["settings"]["enabled"] is True
    assert shown["settings"]["failure_threshold"] == 3
    assert shown["changed_by"] == "grace"


def test_an_unknown_setting_is_a_usage_error_with_its_name(console: RunningConsole) -> None:
    assert "body.enabeld" in autodev("workspace", "set", "enabeld=true", code=ExitCode.USAGE)


def test_an_agent_is_granted_a_maturity(console: RunningConsole) -> None:
    autodev("agents", "grant", "planner", "Supervised", "--by", "grace", "--reason", "trial")
    listed = autodev("agents", "list")
    assert all(part in listed for part in ("planner", "supervised", "grace", "trial"))
