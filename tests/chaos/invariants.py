"""What must hold of every run by itself, with no other to compare it with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from autodev.events.catalogue import (
    CASE_CHANGED,
    EPISODE_RECORDED,
    FAILURE_BATCHED,
    INPUT_HANDLED,
    LEARNING_REQUESTED,
    SKILL_EXECUTED,
    SKILL_PROMOTED,
    SUBSCRIPTIONS,
    TASK_REPORTED,
    dead_letter_topic,
)
from tests.chaos.compare import Finding, Kind
from tests.chaos.quiet import Ends
from tests.chaos.tables import Tables
from tests.chaos.topics import DEAD_LETTERS, TICKED, Identity, Topics

HANDLED = "dev.autodev.input.handled.v1"


@dataclass(frozen=True)
class Run:
    """What a run left behind."""

    topics: Topics
    tables: Tables
    ends: Ends


def check(run: Run) -> list[Finding]:
    return [finding for holds in _ALL for finding in holds(run)]


def _an_id_says_one_thing(run: Run) -> Iterable[Finding]:
    for topic, records in run.topics.records.items():
        if topic in DEAD_LETTERS:
            continue
        said: dict[Identity, set[bytes | None]] = {}
        for seen in records:
            if seen.identity is not None:
                said.setdefault(seen.identity, set()).add(seen.record.value)
        yield from _found(Kind.DIFFERING, f"ids on {topic}", [each for each, values in said.items() if len(values) > 1])


def _every_record_is_handled_or_a_dead_letter(run: Run) -> Iterable[Finding]:
    for group, topics in SUBSCRIPTIONS.items():
        handled = {(row["source"], row["id"]) for row in run.tables.rows[f"{group}.inbox"]}
        refused = {seen.refused_at for seen in run.topics.letters(dead_letter_topic(group).name)}
        read = [seen for topic in topics for seen in run.topics.records[topic.name]]
        lost = [seen.place for seen in read if seen.identity not in handled and seen.place not in refused]
        yield from _found(Kind.LOST, f"inbox of {group}", lost)
        yield from _found(Kind.DOUBLED, f"inbox of {group}", handled - {seen.identity for seen in read})


def _every_position_is_at_the_end(run: Run) -> Iterable[Finding]:
    for group, topics in SUBSCRIPTIONS.items():
        names = {topic.name for topic in topics}
        rows = run.tables.rows[f"{group}.position"]
        positions = {(row["topic"], row["partition"]): row["next_offset"] for row in rows}
        wrong = [at for at, end in run.ends.items() if at[0] in names and positions.get(at, 0) != end]
        yield from _found(Kind.LOST, f"positions of {group}", wrong)


def _the_journal_has_neither_gap_nor_overlap(run: Run) -> Iterable[Finding]:
    """Each record of a service that keeps a journal was taken by one transaction, and by one alone."""
    taken: dict[tuple[str, str, int], list[tuple[int, int]]] = {}
    for seen in run.topics.events(INPUT_HANDLED.name):
        if seen.type == HANDLED:
            about = seen.data["service"], seen.data["topic"], seen.data["partition"]
            taken.setdefault(about, []).append((seen.data["first"], seen.data["following"]))
    for about, entries in taken.items():
        reached = 0
        for first, following in sorted(entries):
            if first != reached:
                kind = Kind.LOST if first > reached else Kind.DOUBLED
                yield Finding(kind, "journal", abs(first - reached), f"{about}: {first} after {reached}")
            reached = following
        if reached != run.ends[about[1:]]:
            yield Finding(Kind.LOST, "journal", run.ends[about[1:]] - reached, f"{about} ends at {reached}")


def _the_outbox_is_what_was_published(run: Run) -> Iterable[Finding]:
    for group in SUBSCRIPTIONS:
        rows = run.tables.rows[f"{group}.outbox"]
        waiting = [row["seq"] for row in rows if row["published_at"] is None]
        yield from _found(Kind.LOST, f"outbox of {group}", waiting)
        kept = {(row["aggregatetype"], str(row["id"])) for row in rows if row["aggregatetype"] not in DEAD_LETTERS}
        told = {
            (topic, seen.identity[1])
            for topic in run.topics.records
            if topic not in DEAD_LETTERS
            for seen in run.topics.events(topic)
            if seen.identity and seen.identity[0].startswith(f"/services/{group}") and seen.type != TICKED
        }
        yield from _found(Kind.LOST, f"published from the outbox of {group}", kept - told)
        yield from _found(Kind.DOUBLED, f"published from the outbox of {group}", told - kept)


def _every_report_is_one_episode(run: Run) -> Iterable[Finding]:
    refused = {seen.refused_at for seen in run.topics.letters(dead_letter_topic("ingestion").name)}
    reported = Counter(
        seen.identity
        for topic in (TASK_REPORTED, SKILL_EXECUTED)
        for seen in run.topics.events(topic.name)
        if seen.place not in refused
    )
    stored = Counter((row["source"], row["reported_as"]) for row in run.tables.rows["ingestion.episode"])
    yield from _differ("episodes", reported, stored)
    told = Counter(seen.data["reported_as"] for seen in run.topics.events(EPISODE_RECORDED.name))
    yield from _differ("episodes told", Counter(each[1] for each in reported.elements() if each), told)


def _every_failure_is_counted_once(run: Run) -> Iterable[Finding]:
    failed: Counter[Any] = Counter()
    for seen in run.topics.events(EPISODE_RECORDED.name):
        if seen.data["outcome"] != "success":
            failed[seen.data["tenant_id"], seen.data["agent_id"], seen.data["signature"]] += 1
    batched: Counter[Any] = Counter()
    for seen in run.topics.events(FAILURE_BATCHED.name):
        if seen.type != TICKED:
            batched[seen.data["tenant_id"], seen.data["agent_id"], seen.data["signature"]] += seen.data["count"]
    yield from _differ("failures", failed, batched)


def _every_request_has_one_case(run: Run) -> Iterable[Finding]:
    requested = {seen.data["case_id"] for seen in run.topics.events(LEARNING_REQUESTED.name)}
    cases = run.tables.rows["proposals.case"]
    yield from _differ("cases", Counter(requested), Counter(row["case_id"] for row in cases))
    yield from _found(Kind.LOST, "searches", [row["case_id"] for row in cases if row["state"] == "searching"])


def _everyone_agrees_on_where_cases_are(run: Run) -> Iterable[Finding]:
    told: dict[str, str] = {}
    for seen in run.topics.events(CASE_CHANGED.name):  # in the order of each partition, and a case stays on one
        told[seen.data["case_id"]] = seen.data["state"]
    held = {row["case_id"]: row["state"] for row in run.tables.rows["proposals.case"]}
    shown = {row["key"]: row["state"] for row in run.tables.rows["console.cases"]}
    yield from _disagree("states of cases, as told", held, told)
    yield from _disagree("states of cases, in the console", held, shown)


def _everyone_agrees_on_what_is_promoted(run: Run) -> Iterable[Finding]:
    told: dict[tuple[str, str], str | None] = {}
    for seen in run.topics.events(SKILL_PROMOTED.name):
        tenant, _, skill = (seen.record.key or b"").decode().partition("/")
        told[tenant, skill] = None if seen.data is None else seen.data["code_hash"]
    held = {(row["tenant_id"], row["skill_name"]): row["code_hash"] for row in run.tables.rows["fitness.skill"]}
    grown = {
        (row["tenant_id"], row["skill_name"]): row["code_hash"] for row in run.tables.rows["proposals.promoted_skill"]
    }
    shown = {(row["tenant_id"], row["key"]): _loaded(row["document"]) for row in run.tables.rows["console.skills"]}
    yield from _disagree("promoted versions, as told", held, told)
    yield from _disagree("promoted versions, in proposals", {at: code for at, code in held.items() if code}, grown)
    yield from _disagree("promoted versions, in the console", held, shown)


def _loaded(document: bytes) -> str | None:
    skill = orjson.loads(document)
    return next((each["code_hash"] for each in skill["versions"] if each["version"] == skill["loaded"]), None)


def _found(kind: Kind, section: str, examples: Iterable[Any]) -> Iterable[Finding]:
    listed = list(examples)
    if listed:
        yield Finding(kind, section, len(listed), str(listed[0]))


def _differ(section: str, expected: Counter[Any], found: Counter[Any]) -> Iterable[Finding]:
    for kind, wrong in ((Kind.LOST, expected - found), (Kind.DOUBLED, found - expected)):
        if wrong:
            yield Finding(kind, section, wrong.total(), str(next(iter(wrong))))


def _disagree(section: str, expected: dict[Any, Any], found: dict[Any, Any]) -> Iterable[Finding]:
    wrong = [
        f"{at}: {expected.get(at)} and {found.get(at)}"
        for at in expected.keys() | found.keys()
        if expected.get(at) != found.get(at)
    ]
    return _found(Kind.DIFFERING, section, wrong)


_ALL: tuple[Callable[[Run], Iterable[Finding]], ...] = (
    _an_id_says_one_thing,
    _every_record_is_handled_or_a_dead_letter,
    _every_position_is_at_the_end,
    _the_journal_has_neither_gap_nor_overlap,
    _the_outbox_is_what_was_published,
    _every_report_is_one_episode,
    _every_failure_is_counted_once,
    _every_request_has_one_case,
    _everyone_agrees_on_where_cases_are,
    _everyone_agrees_on_what_is_promoted,
)
