"""All services say the same of cases and versions."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from autodev.events.catalogue import CASE_CHANGED, SKILL_PROMOTED
from tests.chaos.compare import Finding
from tests.chaos.invariants.findings import disagree
from tests.chaos.invariants.run import Run


def everyone_agrees_on_where_cases_are(run: Run) -> Iterable[Finding]:
    told: dict[str, str] = {}
    for seen in run.topics.events(CASE_CHANGED.name):  # in the order of each partition, and a case stays on one
        told[seen.data["case_id"]] = seen.data["state"]
    held = {row["case_id"]: row["state"] for row in run.tables.rows["proposals.case"]}
    shown = {row["key"]: row["state"] for row in run.tables.rows["console.cases"]}
    yield from disagree("states of cases, as told", held, told)
    yield from disagree("states of cases, in the console", held, shown)


def everyone_agrees_on_what_is_promoted(run: Run) -> Iterable[Finding]:
    told: dict[tuple[str, str], str | None] = {}
    for seen in run.topics.events(SKILL_PROMOTED.name):
        tenant, _, skill = (seen.record.key or b"").decode().partition("/")
        told[tenant, skill] = None if seen.data is None else seen.data["code_hash"]
    held = {(row["tenant_id"], row["skill_name"]): row["code_hash"] for row in run.tables.rows["fitness.skill"]}
    grown = {
        (row["tenant_id"], row["skill_name"]): row["code_hash"] for row in run.tables.rows["proposals.promoted_skill"]
    }
    shown = {(row["tenant_id"], row["key"]): _loaded(row["document"]) for row in run.tables.rows["console.skills"]}
    yield from disagree("promoted versions, as told", held, told)
    yield from disagree("promoted versions, in proposals", {at: code for at, code in held.items() if code}, grown)
    yield from disagree("promoted versions, in the console", held, shown)


def _loaded(document: bytes) -> str | None:
    skill = orjson.loads(document)
    return next((each["code_hash"] for each in skill["versions"] if each["version"] == skill["loaded"]), None)
