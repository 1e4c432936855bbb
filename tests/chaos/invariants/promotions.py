"""What becomes of versions: exact counts decide, people are heard once, what is taken back is taken back once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from autodev.events.catalogue import (
    APPROVAL_DECIDED,
    EPISODE_RECORDED,
    SKILL_PROMOTED,
    SKILL_WITHDRAWN,
    WITHDRAWAL_REQUESTED,
)
from services.proposals.domain.canary import Counts, Watch
from services.proposals.domain.canary import Finding as Verdict
from tests.chaos.aftermath import ANSWERS, FATES, REVIEWER
from tests.chaos.compare import Finding, Kind
from tests.chaos.invariants.findings import differ, disagree, wrong
from tests.chaos.invariants.run import Run
from tests.chaos.workload import ASKING

_STATES: Final[Mapping[Verdict, str]] = {
    Verdict.UNDECIDED: "canary",
    Verdict.VERIFIED: "verified",
    Verdict.WORSE: "rolled_back",
}
"""Where a verdict leaves a case; a partial fix opens it for another round."""

_VERSION: Final = ("tenant_id", "agent_id", "skill_name", "function_hash", "promoted")
_CASE_AND_VERSION: Final = ("tenant_id", "case_id", "function_hash", "promoted")


def executions_of_versions_are_counted_exactly(run: Run) -> Iterable[Finding]:
    """No version of the workload is promoted twice, which would have it counted from zero."""
    executions: Counter[Any] = Counter()
    failures: Counter[Any] = Counter()
    recurrences: Counter[Any] = Counter()
    for data in _episodes(run):
        skill, number = data["skill"], data["executions"]
        version = skill["function_hash"], skill["promoted"] or ""
        executions[data["tenant_id"], data["agent_id"], skill["name"], *version] += number
        if data["outcome"] != "success":
            failures[data["tenant_id"], data["agent_id"], skill["name"], *version] += number
            recurrences[data["tenant_id"], data["case_id"], *version] += number
    counted = run.tables.rows["proposals.execution_count"]
    yield from differ("executions", executions, _counter(counted, _VERSION, "executions"))
    yield from differ("failures of versions", failures, +_counter(counted, _VERSION, "failures"))
    recurred = run.tables.rows["proposals.recurrence_count"]
    yield from differ("recurrences", recurrences, _counter(recurred, _CASE_AND_VERSION, "recurrences"))


def counts_decide_what_becomes_of_a_version(run: Run) -> Iterable[Finding]:
    """The rule is the service's own; that it was applied to each report once, in the order of the topic, is checked."""
    episodes = _episodes(run)
    cases = {row["case_id"]: row for row in run.tables.rows["proposals.case"]}
    withdrawals = [seen.data for seen in run.topics.events(SKILL_WITHDRAWN.name)]
    by_people = {data["candidate_id"] for data in withdrawals if data["requested_by"] != "canary"}
    apart = []
    for seen in run.topics.events(SKILL_PROMOTED.name):
        if seen.data is None or seen.data["candidate_id"] in by_people:
            continue
        verdict, case = _verdict(seen.data, episodes), cases[seen.data["case_id"]]
        if (case["round"] > 1) != (verdict is Verdict.PARTIAL) or _STATES.get(verdict, case["state"]) != case["state"]:
            apart.append(f"{seen.record.key!r}: {verdict}, and its case is {case['state']} in round {case['round']}")
    return wrong(Kind.DIFFERING, "what counts decide", apart)


def what_is_taken_back_is_taken_back_once(run: Run) -> Iterable[Finding]:
    asked = Counter(seen.record.key for seen in run.topics.events(WITHDRAWAL_REQUESTED.name))
    gone = Counter(seen.record.key for seen in run.topics.events(SKILL_PROMOTED.name) if seen.data is None)
    told = Counter(
        f"{seen.data['tenant_id']}/{seen.data['skill']}".encode() for seen in run.topics.events(SKILL_WITHDRAWN.name)
    )
    yield from differ("tombstones", asked, gone)
    yield from differ("withdrawals told", asked, told)


def a_person_is_heard_once(run: Run) -> Iterable[Finding]:
    decided = [seen.data for seen in run.topics.events(APPROVAL_DECIDED.name)]
    promotions = [seen.data for seen in run.topics.events(SKILL_PROMOTED.name) if seen.data is not None]
    by_people = Counter(data["candidate_id"] for data in promotions if data["approved_by"] == REVIEWER)
    yield from differ("approvals", Counter(data["candidate_id"] for data in decided if data["approved"]), by_people)
    rejected = Counter(
        row["candidate_id"] for row in run.tables.rows["fitness.candidate"] if row["state"] == "rejected"
    )
    yield from differ("rejections", Counter(data["candidate_id"] for data in decided if not data["approved"]), rejected)


def cases_end_as_the_workload_means_them_to(run: Run) -> Iterable[Finding]:
    meant = {skill: fate.state.value for skill, fate in FATES.items()} | {
        skill: state.value for skill, state in ANSWERS.items()
    }
    cases = [row for row in run.tables.rows["proposals.case"] if row["tenant_id"] in ASKING]
    return disagree("ends of cases", meant, {(row["tenant_id"], row["skill_name"]): row["state"] for row in cases})


def _verdict(version: Mapping[str, Any], episodes: Sequence[Mapping[str, Any]]) -> Verdict:
    watch = Watch(version["replaces"], version["code_hash"], {})
    for data in episodes:
        skill, number, failed = data["skill"], data["executions"], data["outcome"] != "success"
        about = data["tenant_id"], data["agent_id"], skill["name"], skill["function_hash"]
        if about != (version["tenant_id"], version["agent_id"], version["skill"], version["function_hash"]):
            continue
        recurs = data["case_id"] == version["case_id"]
        watch = watch.after(skill["promoted"], Counts(number, number * failed, number * recurs))
        if skill["promoted"] == version["code_hash"] and watch.canary.finding is not Verdict.UNDECIDED:
            return watch.canary.finding
    return Verdict.UNDECIDED


def _episodes(run: Run) -> list[Mapping[str, Any]]:
    """Those of skills, in the order of each agent's partition."""
    return [seen.data for seen in run.topics.events(EPISODE_RECORDED.name) if seen.data["skill"] is not None]


def _counter(rows: Iterable[Mapping[str, Any]], about: Sequence[str], number: str) -> Counter[Any]:
    return Counter({tuple(row[name] for name in about): row[number] for row in rows})
