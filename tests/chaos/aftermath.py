"""What follows promotions: agents report how the promoted versions fare, people approve, reject and withdraw.

A promoted version is named by its code hash and a candidate by its id; both are read from the run's own topics, which
are compared with the undisturbed run's. One that is missing there is passed over here.

Event times of failures lie further apart than a workspace's threshold looks back: counts alone decide what becomes of
a version, not a request to learn that arrives sooner in one run than in another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from autodev.events.catalogue import APPROVAL_REQUESTED, SKILL_PROMOTED
from autodev.events.models.agent import SkillExecutionEvent
from autodev.events.models.case import CaseState
from autodev.events.record import OutgoingRecord
from autodev.ids import EpisodeId, Sha256
from tests.chaos.people import Decision
from tests.chaos.topics import Topics
from tests.chaos.workload import AFTERMATH, APPROVED_BY_PEOPLE, CALLS, WINDOW_SECONDS, Workload, to_records
from tests.e2e.failing_agent import work

REVIEWER: Final = "ada"
FAILURES_APART: Final = timedelta(seconds=WINDOW_SECONDS + 100)

Skill = tuple[str, str]
"""Tenant and name."""


class Fate(Enum):
    """What a promoted version shows, report by report (`F` is a failure as before), and where that leaves its case."""

    ENOUGH = "." * 36, CaseState.VERIFIED
    ENOUGH_BUT_ONE = f"{'.' * 10}F{'.' * 20}", CaseState.VERIFIED
    TOO_LITTLE = "." * 19, CaseState.CANARY
    WORSE = f"..F.F{'.' * 8}F{'.' * 8}", CaseState.ROLLED_BACK
    """Its agent goes on running it for a while, and it is taken back once."""
    PARTIAL = f"{'.' * 10}F{'.' * 6}F", CaseState.NOT_REPRODUCED
    """Searched again. Ends with the failure that decides, so that every run searches with the same evidence."""
    WITHDRAWN = "", CaseState.ROLLED_BACK
    """Before anything was reported of it, by a person."""

    def __init__(self, reports: str, state: CaseState) -> None:
        self.reports = reports
        self.state = state


FATES: Final[Mapping[Skill, Fate]] = {
    ("north", "half"): Fate.ENOUGH,
    ("north", "share"): Fate.WORSE,
    ("north", "name_of"): Fate.TOO_LITTLE,
    ("south", "half"): Fate.ENOUGH_BUT_ONE,
    ("south", "share"): Fate.ENOUGH,
    ("south", "name_of"): Fate.WITHDRAWN,
    ("east", "half"): Fate.WORSE,
    ("east", "share"): Fate.PARTIAL,
    ("east", "name_of"): Fate.ENOUGH,
    ("west", "half"): Fate.PARTIAL,
    ("west", "share"): Fate.WITHDRAWN,
    ("west", "name_of"): Fate.ENOUGH_BUT_ONE,
}
ANSWERS: Final[Mapping[Skill, CaseState]] = {
    (APPROVED_BY_PEOPLE, "half"): CaseState.CANARY,
    (APPROVED_BY_PEOPLE, "share"): CaseState.REJECTED,
    (APPROVED_BY_PEOPLE, "name_of"): CaseState.AWAITING_APPROVAL,
}
"""Where what people say, or that they say nothing, leaves the cases that need their word."""


@dataclass(frozen=True)
class Aftermath:
    reports: list[OutgoingRecord]
    decisions: list[Decision]


def aftermath(workload: Workload, topics: Topics) -> Aftermath:
    """The third part of the workload, for a run whose second half has come to rest."""
    promoted = {
        (seen.data["tenant_id"], seen.data["skill"]): Sha256(seen.data["code_hash"])
        for seen in topics.events(SKILL_PROMOTED.name)
        if seen.data is not None
    }
    start = workload.after_promotions
    made = [
        report
        for skill, fate in FATES.items()
        if skill in promoted
        for report in _reports(skill, promoted[skill], fate.reports, start)
    ]
    in_time = sorted(made, key=lambda report: report.occurred_at)
    return Aftermath(to_records("aftermath", in_time, start + AFTERMATH), list(_decisions(topics)))


def _reports(skill: Skill, version: Sha256, outcomes: str, start: datetime) -> Iterator[SkillExecutionEvent]:
    """What the agent reported of the original, reported of that version."""
    tenant, name = skill
    calls = work(tenant, CALLS, start, first=2 * CALLS)
    pool = [call for call in calls if isinstance(call, SkillExecutionEvent) and call.skill_name == name]
    good = (call for call in pool if call.success)
    failed = (call for call in pool if not call.success)
    at = start
    for outcome in outcomes:
        call = next(failed if outcome == "F" else good)
        assert call.skill is not None
        at += FAILURES_APART if outcome == "F" else timedelta(seconds=1)
        yield call.model_copy(
            update={
                "execution_id": EpisodeId(f"{call.execution_id}-promoted"),
                "occurred_at": at,
                "skill": call.skill.model_copy(update={"promoted": version}),
            }
        )


def _decisions(topics: Topics) -> Iterator[Decision]:
    for seen in topics.events(APPROVAL_REQUESTED.name):
        tenant, name, candidate = seen.data["tenant_id"], seen.data["skill"]["name"], seen.data["candidate_id"]
        verb = {CaseState.CANARY: "approve", CaseState.REJECTED: "reject"}.get(ANSWERS[tenant, name])
        if verb is not None:
            yield Decision(tenant, f"candidates/{candidate}/{verb}", {"reviewer": REVIEWER, "comment": "read it"})
    for (tenant, name), fate in FATES.items():
        if fate is Fate.WITHDRAWN:
            yield Decision(tenant, f"skills/{name}/withdraw", {"requested_by": REVIEWER, "reason": "not like this"})
