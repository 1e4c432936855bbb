"""The HTTP API on a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from autodev.events.envelope import Event
from autodev.events.models.case import CaseState
from autodev.ids import sha256
from services.console.api.application import create_api
from services.console.handlers import project
from tests.unit.console import searched, story

pytestmark = pytest.mark.postgres

REVIEW = {"reviewer": "grace", "comment": "fine"}
WAITING = story.whole_story()[:15]
PROMOTED = story.whole_story()[:18]
ROLLED_BACK = story.whole_story()[:21]


async def _project(engine: AsyncEngine, events: list[Event[Any]]) -> None:
    async with engine.begin() as connection:
        await project(events, connection)


async def _published(engine: AsyncEngine) -> list[dict[str, Any]]:
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT aggregatetype, payload FROM console.outbox ORDER BY seq"))
        return [{"topic": row.aggregatetype, **orjson.loads(row.payload)} for row in rows]


async def test_cases_are_listed_and_filtered(engine: AsyncEngine, api: httpx2.AsyncClient) -> None:
    await _project(engine, WAITING)
    listed = (await api.get("/cases", params={"state": "awaiting_approval", "agent": story.AGENT})).json()
    assert [(case["case_id"], case["state"]) for case in listed] == [(story.CASE, "awaiting_approval")]
    assert (await api.get("/cases", params={"state": "verified"})).json() == []


async def test_a_case_is_shown_with_its_history_candidates_and_windows(
    engine: AsyncEngine, api: httpx2.AsyncClient
) -> None:
    await _project(engine, WAITING)
    case = (await api.get(f"/cases/{story.CASE}")).json()
    assert [step["state"] for step in case["history"]] == ["open", "searching", CaseState.AWAITING_APPROVAL]
    assert {candidate["state"] for candidate in case["candidates"]} == {"validated", "failed"}
    assert [window["count"] for window in case["windows"]] == [3]


async def test_a_case_tells_the_story_of_its_search(engine: AsyncEngine, api: httpx2.AsyncClient) -> None:
    await _project(engine, [*WAITING[:6], *searched.search()])
    told = (await api.get(f"/cases/{story.CASE}")).json()["story"]
    assert [stage["best_so_far"] for stage in told["generations"]] == [None, 0.5, 0.9]
    assert told["choice"]["candidate_id"] == searched.RIGHT.candidate_id
    assert told["lineage"][2]["parent"] == searched.NEARER.candidate_id


async def test_a_case_has_a_report_that_needs_nothing_else(engine: AsyncEngine, api: httpx2.AsyncClient) -> None:
    await _project(engine, [*WAITING[:6], *searched.search()])
    report = await api.get(f"/cases/{story.CASE}/report")
    assert report.headers["content-type"] == "text/html; charset=utf-8"
    assert report.headers["content-security-policy"].startswith("default-src 'none'")
    assert "+    if not minutes:" in report.text


async def test_a_report_is_of_its_own_tenant_alone(engine: AsyncEngine, api: httpx2.AsyncClient) -> None:
    await _project(engine, [*WAITING[:6], *searched.search()])
    assert (await api.get(f"http://console/v1/tenants/other/cases/{story.CASE}/report")).status_code == 404


async def test_a_candidate_is_shown_with_its_diff_and_its_score(engine: AsyncEngine, api: httpx2.AsyncClient) -> None:
    await _project(engine, WAITING)
    candidate = (await api.get(f"/candidates/{story.GOOD}")).json()
    assert "+    if not minutes:" in candidate["diff"]
    assert candidate["score"]["fixed"] == 3
    assert candidate["chosen"] is True
    assert candidate["why"] == "no held-out failing call"


async def test_an_approval_is_published_with_its_reviewer(engine: AsyncEngine, api: httpx2.AsyncClient) -> None:
    await _project(engine, WAITING)
    response = await api.post(f"/candidates/{story.GOOD}/approve", json=REVIEW)
    assert response.status_code == 202
    assert response.json()["event_id"]
    [event] = await _published(engine)
    assert event == {
        "topic": "learning.approval.decided.v1",
        "tenant_id": story.TENANT,
        "case_id": story.CASE,
        "candidate_id": story.GOOD,
        "approved": True,
        **REVIEW,
    }


async def test_a_second_approval_is_refused(engine: AsyncEngine, api: httpx2.AsyncClient) -> None:
    await _project(engine, WAITING)
    await api.post(f"/candidates/{story.GOOD}/approve", json=REVIEW)
    again = await api.post(f"/candidates/{story.GOOD}/approve", json=REVIEW)
    assert (again.status_code, again.headers["content-type"]) == (409, "application/problem+json")
    assert again.json()["detail"] == "grace has approved it already"
    assert len(await _published(engine)) == 1


async def test_a_repeated_idempotency_key_is_one_command(engine: AsyncEngine, api: httpx2.AsyncClient) -> None:
    await _project(engine, WAITING)
    sent = [
        await api.post(f"/candidates/{story.GOOD}/reject", json=REVIEW, headers={"Idempotency-Key": "k1"})
        for _ in range(2)
    ]
    assert [response.status_code for response in sent] == [202, 202]
    assert sent[0].json() == sent[1].json()
    assert len(await _published(engine)) == 1


async def test_an_idempotency_key_is_not_for_two_requests(engine: AsyncEngine, api: httpx2.AsyncClient) -> None:
    key = {"Idempotency-Key": "k1"}
    await api.patch("/settings", json={"enabled": True, "changed_by": "grace"}, headers=key)
    other = await api.patch("/settings", json={"enabled": False, "changed_by": "grace"}, headers=key)
    assert (other.status_code, other.json()["field"]) == (422, "header.Idempotency-Key")


async def test_a_rolled_back_candidate_is_promoted_again_by_a_person(
    engine: AsyncEngine, api: httpx2.AsyncClient
) -> None:
    await _project(engine, ROLLED_BACK)
    assert (await api.post(f"/candidates/{story.GOOD}/approve", json=REVIEW)).status_code == 202


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"/candidates/{story.BAD}/approve", REVIEW),
        ("POST", f"/candidates/{story.BAD}/reject", REVIEW),
        ("POST", f"/skills/{story.SKILL}/withdraw", {"requested_by": "grace"}),
        ("POST", f"/skills/{story.SKILL}/rollback", {"requested_by": "grace"}),
    ],
)
async def test_what_the_state_does_not_allow_is_refused(
    engine: AsyncEngine, api: httpx2.AsyncClient, method: str, path: str, body: dict[str, str]
) -> None:
    await _project(engine, ROLLED_BACK)
    response = await api.request(method, path, json=body)
    assert response.status_code == 409, response.text
    assert await _published(engine) == []


@pytest.mark.parametrize(
    "path",
    [f"/cases/{story.CASE}", f"/candidates/{story.GOOD}", f"/skills/{story.SKILL}"],
)
async def test_another_tenants_things_do_not_exist(engine: AsyncEngine, api: httpx2.AsyncClient, path: str) -> None:
    await _project(engine, PROMOTED)
    response = await api.get(f"http://console/v1/tenants/globex{path}")
    assert (response.status_code, response.json()["title"]) == (404, "Not found")


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", f"/candidates/{story.GOOD}/approve", {}, "body.reviewer"),
        ("POST", f"/candidates/{story.GOOD}/approve", {"reviewer": ""}, "body.reviewer"),
        ("PATCH", "/settings", {"enabled": True}, "body.changed_by"),
        ("PATCH", "/settings", {"enabeld": True, "changed_by": "grace"}, "body.enabeld"),
        ("PATCH", "/settings", {"max_mutations_per_day": -1, "changed_by": "grace"}, "body.max_mutations_per_day"),
        ("PUT", "/agents/planner/maturity", {"maturity": "boss", "granted_by": "grace"}, "body.maturity"),
        ("PUT", "/agents/no%20name/maturity", {"maturity": "intern", "granted_by": "grace"}, "path.agent"),
        ("GET", "/cases?limit=0", None, "query.limit"),
    ],
)
async def test_bad_input_is_refused_with_the_place(
    api: httpx2.AsyncClient, method: str, path: str, body: dict[str, Any] | None, field: str
) -> None:
    response = await api.request(method, path, json=body)
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert response.json()["field"] == field


async def test_a_changed_setting_leaves_the_others(engine: AsyncEngine, api: httpx2.AsyncClient) -> None:
    assert (await api.get("/settings")).json()["settings"]["enabled"] is False
    await api.patch("/settings", json={"enabled": True, "changed_by": "grace"})
    await api.patch("/settings", json={"failure_threshold": 3, "changed_by": "grace"})
    settings = (await api.get("/settings")).json()
    assert settings["settings"] | {"enabled": True, "failure_threshold": 3} == settings["settings"]
    assert settings["changed_by"] == "grace"
    assert [event["topic"] for event in await _published(engine)] == ["workspace.settings.configured.v1"] * 2


async def test_settings_of_the_calendars_last_moment_can_still_be_changed(
    engine: AsyncEngine, api: httpx2.AsyncClient
) -> None:
    last = datetime.max.replace(tzinfo=UTC)
    await _project(engine, [replace(story.event(story.configured(enabled=False)), time=last)])
    assert (await api.patch("/settings", json={"enabled": True, "changed_by": "grace"})).status_code == 202
    assert (await api.get("/settings")).json()["settings"]["enabled"] is True


async def test_a_maturity_is_taken_in_any_letter_case(engine: AsyncEngine, api: httpx2.AsyncClient) -> None:
    body = {"capability": "memento_skills", "maturity": "SUPERVISED", "granted_by": "grace"}
    assert (await api.put("/agents/planner/maturity", json=body)).status_code == 202
    [agent] = (await api.get("/agents")).json()
    assert agent["maturity"]["auto_dev.memento_skills"]["maturity"] == "supervised"


async def test_a_withdrawal_names_who_asked_for_it(engine: AsyncEngine, api: httpx2.AsyncClient) -> None:
    await _project(engine, PROMOTED)
    body = {"requested_by": "grace", "reason": "wrong unit"}
    assert (await api.post(f"/skills/{story.SKILL}/withdraw", json=body)).status_code == 202
    [event] = await _published(engine)
    assert event == {
        "topic": "learning.withdrawal.requested.v1",
        "tenant_id": story.TENANT,
        "skill": story.SKILL,
        **body,
    }


async def test_a_rollback_is_of_the_version_that_is_loaded_now(engine: AsyncEngine, api: httpx2.AsyncClient) -> None:
    await _project(engine, PROMOTED)
    body = {"requested_by": "grace", "reason": "wrong unit"}
    assert (await api.post(f"/skills/{story.SKILL}/rollback", json=body)).status_code == 202
    [event] = await _published(engine)
    assert event == {
        "topic": "learning.withdrawal.requested.v1",
        "tenant_id": story.TENANT,
        "skill": story.SKILL,
        "code_hash": sha256(story.FIX),
        "case_id": story.CASE,
        **body,
    }


async def test_a_case_shows_how_its_canary_stands(engine: AsyncEngine, api: httpx2.AsyncClient) -> None:
    await _project(engine, PROMOTED)
    assert (await api.get(f"/cases/{story.CASE}")).json()["canary"] == story.COUNTS.model_dump()


async def test_a_skill_is_shown_with_all_its_versions(engine: AsyncEngine, api: httpx2.AsyncClient) -> None:
    await _project(engine, story.whole_story())
    [listed] = (await api.get("/skills")).json()
    assert (listed["current"]["version"], listed["versions"]) == ("1.0.1", 2)
    shown = (await api.get(f"/skills/{story.SKILL}")).json()
    assert [version["version"] for version in shown["versions"]] == ["1.0.0", "1.0.1"]
    assert [withdrawal["reason"] for withdrawal in shown["withdrawals"]] == ["wrong unit"]


async def test_health_says_which_service_does_not_answer(engine: AsyncEngine) -> None:
    transport = httpx2.ASGITransport(app=create_api(engine, {"sandbox": "http://127.0.0.1:9"}))
    async with httpx2.AsyncClient(transport=transport, base_url="http://console") as client:
        health = (await client.get("/v1/health")).json()
    assert health["ready"] is False
    assert "ConnectError" in health["services"]["sandbox"]["checks"]["http"]


async def test_the_api_describes_itself(api: httpx2.AsyncClient) -> None:
    document = (await api.get("http://console/openapi.json")).json()
    assert "/v1/tenants/{tenant}/candidates/{candidate_id}/approve" in document["paths"]
