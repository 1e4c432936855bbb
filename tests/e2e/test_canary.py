"""What becomes of a promoted version: verified, rolled back to the version before, or withdrawn; by exact counts."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from autodev.events.catalogue import CASE_CHANGED, SKILL_PROMOTED
from autodev.events.models.agent import SkillExecutionEvent, SkillRegistered
from autodev.events.models.call import Arguments, Call, Frame, Raised, Returned, SkillRef
from autodev.events.models.case import CaseChanged, SkillPromoted
from autodev.ids import EpisodeId, Sha256, TenantId, new_event_id
from autodev.sdk.skills.source import identify
from tests.e2e import sharing_agent
from tests.e2e.failing_agent import AGENT, opted_in
from tests.e2e.installation import Installation, eventually

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.isolation, pytest.mark.timeout(600)]

SHARE: Final = identify(sharing_agent.share.original)  # type: ignore[arg-type]  # a function, typed as what one calls
FRAMES: Final = (Frame(function="share", statement='return row["part"] / row["whole"]'),)
ZERO: Final = Raised(type="ZeroDivisionError", message="division by zero", frames=FRAMES)
NO_PART: Final = Raised(type="KeyError", message="'part'", frames=FRAMES)


@dataclass(frozen=True)
class Reporter:
    """A tenant's agent, whose reports are made by hand: so it can fail with a version that works elsewhere."""

    installation: Installation
    tenant: TenantId

    async def start(self) -> None:
        registered = SkillRegistered(
            tenant_id=self.tenant,
            agent_id=AGENT,
            content_hash=SHARE.content_hash,
            module=SHARE.module,
            source=SHARE.module_source,
        )
        await self.installation.report([*opted_in(self.tenant), registered])

    async def report(self, *, good: int = 0, failures: int = 0, error: Raised = ZERO, ran: Sha256 | None) -> None:
        """Executions under the promoted version of that code hash, or under the original; the good ones first."""
        calls = [_call({"part": number, "whole": 4}, Returned(value=number / 4)) for number in range(1, good + 1)] + [
            _call(_failing(number, error), error) for number in range(1, failures + 1)
        ]
        await self.installation.report([self._executed(call, ran) for call in calls])

    async def versions(self, number: int) -> list[SkillPromoted]:
        """The first `number` promotions of the skill."""

        async def enough() -> list[SkillPromoted]:
            found: list[SkillPromoted] = await self.installation.data_of(SKILL_PROMOTED, self.tenant)
            return found if len(found) >= number else []

        return await eventually(enough, f"{number} versions of {self.tenant}'s skill are promoted")

    async def case(self, error: Raised) -> CaseChanged:
        """The case of those failures, as it was opened."""
        changes: list[CaseChanged] = await self.installation.data_of(CASE_CHANGED, self.tenant)
        return next(change for change in changes if change.error_type == error.type)

    async def shown(self, case: CaseChanged, state: str) -> dict[str, Any]:
        """The case by HTTP, once it is in that state and the command line shows the same."""
        place = f"{self.installation.url('console')}/v1/tenants/{self.tenant}/cases/{case.case_id}"

        async def arrived() -> dict[str, Any] | None:
            async with httpx2.AsyncClient() as client:
                answer: dict[str, Any] = (await client.get(place)).json()
            if answer.get("state") != state:
                return None
            # Not the same if the case went on between the two.
            return answer if json.loads(await self._autodev("cases", "show", case.case_id)) == answer else None

        found = await eventually(arrived, f"the case is {state}, by HTTP and on the command line")
        assert found is not None
        return found

    async def skill(self) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(await self._autodev("skills", "show", "share"))
        return shown

    @contextmanager
    def loading(self, spool: Path) -> Iterator[LoadingAgent]:
        """A real agent of the tenant that loads what is promoted."""
        environment = {
            "AUTODEV_TENANT": self.tenant,
            "AUTODEV_AGENT": "loader",
            "AUTODEV_KAFKA__BOOTSTRAP_SERVERS": self.installation.bootstrap,
            "AUTODEV_KAFKA__TOPIC_PREFIX": self.installation.prefix,
            "AUTODEV_SPOOL_DIRECTORY": str(spool),
        }
        with subprocess.Popen(
            [sys.executable, sharing_agent.__file__],
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            yield LoadingAgent(process)
            process.kill()

    async def _autodev(self, *arguments: str) -> str:
        environment = {"AUTODEV_CONSOLE_URL": self.installation.url("console"), "AUTODEV_TENANT": self.tenant}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "autodev", *arguments, "-o", "json"),
            env=os.environ | environment,
            stdout=subprocess.PIPE,
        )
        output, _ = await process.communicate()
        assert process.returncode == 0
        return output.decode()

    def _executed(self, call: Call, ran: Sha256 | None) -> SkillExecutionEvent:
        return SkillExecutionEvent(
            execution_id=EpisodeId(new_event_id()),
            agent_id=AGENT,
            tenant_id=self.tenant,
            skill_id="share",
            skill_name="share",
            success=isinstance(call.outcome, Returned),
            skill=SkillRef(
                name="share", content_hash=SHARE.content_hash, function_hash=SHARE.function_hash, promoted=ran
            ),
            call=call,
        )


@dataclass(frozen=True)
class LoadingAgent:
    process: subprocess.Popen[str]

    async def runs(self, version: str | None) -> None:
        """Wait until a call of the skill would run that version."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None

        async def loaded() -> bool:
            return await asyncio.to_thread(self._ask) == str(version)

        await eventually(loaded, f"the agent runs {version}")

    def _ask(self) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


def _failing(number: int, error: Raised) -> dict[str, int]:
    return {"part": number, "whole": 0} if error is ZERO else {"whole": number}


def _call(row: dict[str, int], outcome: Raised | Returned) -> Call:
    return Call(entrypoint="share", arguments=Arguments(args=(row,)), outcome=outcome)


async def fixed(installation: Installation, tenant: str) -> tuple[Reporter, SkillPromoted]:
    """A tenant whose skill failed in 6 of 18 executions, and the version that fixes it."""
    reporter = Reporter(installation, TenantId(tenant))
    await reporter.start()
    await reporter.report(good=12, failures=6, ran=None)
    [version] = await reporter.versions(1)
    return reporter, version


async def test_a_version_that_fails_more_often_is_rolled_back_to_the_one_before(
    installation: Installation, tmp_path: Path
) -> None:
    reporter, first = await fixed(installation, "canary-back")
    await reporter.report(good=12, failures=6, error=NO_PART, ran=first.code_hash)
    _, second = await reporter.versions(2)
    with reporter.loading(tmp_path) as agent:
        await agent.runs(second.version)
        await reporter.report(good=1, failures=5, error=NO_PART, ran=second.code_hash)
        _, _, restored = await reporter.versions(3)
        assert (restored.code, restored.rolls_back) == (first.code, second.code_hash)
        await agent.runs(restored.version)
    shown = await reporter.shown(await reporter.case(NO_PART), "rolled_back")
    assert shown["reason"] == "rolled back: failed alike in 2 of 3 executions, in 6 of 18 before"
    skill = await reporter.skill()
    assert skill["current"]["version"] == restored.version
    [withdrawal] = skill["withdrawals"]
    assert (withdrawal["requested_by"], withdrawal["restored"]) == ("canary", first.code_hash)
    assert (await reporter.shown(await reporter.case(ZERO), "canary"))["state"] == "canary"


async def test_the_only_version_is_withdrawn_when_it_fails_more_often_than_the_original(
    installation: Installation, tmp_path: Path
) -> None:
    reporter, version = await fixed(installation, "canary-out")
    with reporter.loading(tmp_path) as agent:
        await agent.runs(version.version)
        await reporter.report(failures=3, ran=version.code_hash)
        await agent.runs(None)
    shown = await reporter.shown(await reporter.case(ZERO), "rolled_back")
    assert shown["reason"] == "rolled back: failed alike in 2 of 2 executions, in 6 of 18 before"
    assert (await reporter.skill())["current"] is None


async def test_enough_good_outcomes_verify_a_version(installation: Installation) -> None:
    reporter, version = await fixed(installation, "canary-good")
    case = await reporter.case(ZERO)
    await reporter.report(good=19, ran=version.code_hash)
    assert (await reporter.shown(case, "canary"))["canary"]["needed"] == 20
    await reporter.report(good=50, ran=None)  # 6 of 68 failed before: not as often as it seemed
    await reporter.report(good=21, ran=version.code_hash)
    assert (await reporter.shown(case, "verified"))["canary"] == {
        "executions": 34,
        "good": 34,
        "recurrences": 0,
        "needed": 34,
        "before_executions": 68,
        "before_recurrences": 6,
    }
