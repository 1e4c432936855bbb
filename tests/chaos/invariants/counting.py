"""One episode a report, one count a failure, one case a request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from autodev.events.catalogue import (
    EPISODE_RECORDED,
    FAILURE_BATCHED,
    LEARNING_REQUESTED,
    SKILL_EXECUTED,
    TASK_REPORTED,
    dead_letter_topic,
)
from tests.chaos.compare import Finding, Kind
from tests.chaos.invariants.findings import differ, wrong
from tests.chaos.invariants.run import Run
from tests.chaos.topics import TICKED


def every_report_is_one_episode(run: Run) -> Iterable[Finding]:
    refused = {seen.refused_at for seen in run.topics.letters(dead_letter_topic("ingestion").name)}
    reported = Counter(
        seen.identity
        for topic in (TASK_REPORTED, SKILL_EXECUTED)
        for seen in run.topics.events(topic.name)
        if seen.place not in refused
    )
    stored = Counter((row["source"], row["reported_as"]) for row in run.tables.rows["ingestion.episode"])
    yield from differ("episodes", reported, stored)
    told = Counter(seen.data["reported_as"] for seen in run.topics.events(EPISODE_RECORDED.name))
    yield from differ("episodes told", Counter(each[1] for each in reported.elements() if each), told)


def every_failure_is_counted_once(run: Run) -> Iterable[Finding]:
    failed: Counter[Any] = Counter()
    for seen in run.topics.events(EPISODE_RECORDED.name):
        if seen.data["outcome"] != "success":
            failed[seen.data["tenant_id"], seen.data["agent_id"], seen.data["signature"]] += 1
    batched: Counter[Any] = Counter()
    for seen in run.topics.events(FAILURE_BATCHED.name):
        if seen.type != TICKED:
            batched[seen.data["tenant_id"], seen.data["agent_id"], seen.data["signature"]] += seen.data["count"]
    yield from differ("failures", failed, batched)


def every_request_has_one_case(run: Run) -> Iterable[Finding]:
    requested = {seen.data["case_id"] for seen in run.topics.events(LEARNING_REQUESTED.name)}
    cases = run.tables.rows["proposals.case"]
    yield from differ("cases", Counter(requested), Counter(row["case_id"] for row in cases))
    yield from wrong(Kind.LOST, "searches", [row["case_id"] for row in cases if row["state"] == "searching"])
