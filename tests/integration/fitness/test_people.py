"""What people decide: approve, reject, withdraw, and promote again."""

from __future__ import annotations

import asyncio

import pytest

from autodev.events.models.case import SkillPromoted, SkillWithdrawn
from autodev.events.models.search import CandidatesScored, Decision
from autodev.ids import TenantId, sha256
from tests.integration.fitness import facts
from tests.integration.fitness.bench import Bench, decided, decisions, versions, withdrawal
from tests.integration.loopback import speed

pytestmark = pytest.mark.postgres
FIX = facts.id_of("fix")


async def test_an_approved_candidate_is_promoted_with_its_reviewers_name(bench: Bench) -> None:
    await bench.awaits_approval()
    [version] = versions(await bench.take(decided()))
    assert (version.approved_by, version.version, version.code) == ("grace", "1.0.0", facts.code("fix"))


async def test_approving_twice_changes_nothing(bench: Bench) -> None:
    await bench.awaits_approval()
    await bench.take(decided())
    assert await bench.take(decided()) == []


async def test_a_rejected_candidate_can_not_be_approved_afterwards(bench: Bench) -> None:
    await bench.awaits_approval()
    assert await bench.take(decided(approved=False), decided()) == []
    assert await bench.state(FIX) == "rejected"


async def test_rejecting_what_was_promoted_changes_nothing(bench: Bench) -> None:
    await bench.awaits_approval()
    await bench.take(decided())
    assert await bench.take(decided(approved=False)) == []
    assert await bench.state(FIX) == "promoted"


async def test_a_decision_about_an_unknown_candidate_changes_nothing(bench: Bench) -> None:
    assert await bench.take(decided()) == []


async def test_another_tenant_decides_nothing_here(bench: Bench) -> None:
    await bench.awaits_approval()
    assert await bench.take(decided(tenant=TenantId("globex"))) == []
    assert await bench.state(FIX) == "validated"


async def test_an_approval_after_the_skill_was_changed_is_too_late(bench: Bench) -> None:
    await bench.awaits_approval()
    await bench.take(speed.granted(), facts.executed("other", signature="missing"))
    published = await bench.take(decided())
    assert decisions(published) == [Decision.STALE]
    scored = published[0].data
    assert isinstance(scored, CandidatesScored)
    assert (scored.case_id, scored.generation) == (speed.case_of(), 1)
    assert await bench.state(FIX) == "stale"


async def test_a_withdrawal_is_a_tombstone_and_says_which_version_went_and_why(bench: Bench) -> None:
    await bench.take(speed.granted(), facts.executed())
    tombstone, told = await bench.take(withdrawal())
    assert (tombstone.type.data, tombstone.key, tombstone.data) == (SkillPromoted, "acme/speed", None)
    assert isinstance(told.data, SkillWithdrawn)
    assert (told.data.code_hash, told.data.requested_by, told.data.reason) == (
        sha256(facts.code("fix")),
        "ada",
        "wrong unit",
    )
    assert await bench.state(FIX) == "rolled_back"


async def test_withdrawing_what_is_not_promoted_changes_nothing(bench: Bench) -> None:
    assert await bench.take(withdrawal()) == []
    await bench.take(speed.granted(), facts.executed(), withdrawal())
    assert await bench.take(withdrawal()) == []


async def test_a_withdrawn_version_that_is_approved_again_gets_the_next_number(bench: Bench) -> None:
    await bench.take(speed.granted(), facts.executed(), withdrawal())
    [version] = versions(await bench.take(decided()))
    assert (version.version, version.approved_by) == ("1.0.1", "grace")


async def test_a_withdrawn_version_does_not_come_back_where_another_took_its_place(bench: Bench) -> None:
    await bench.take(speed.granted(), facts.executed(), withdrawal(), facts.executed("other", signature="missing"))
    assert decisions(await bench.take(decided())) == [Decision.STALE]


async def test_it_may_come_back_when_the_place_is_free_again(bench: Bench) -> None:
    await bench.take(speed.granted(), facts.executed(), withdrawal(), facts.executed("other", signature="missing"))
    await bench.take(decided(), withdrawal())
    assert len(versions(await bench.take(decided()))) == 1


async def test_a_version_withdrawn_while_others_grew_from_it_is_replaced_by_what_grew(bench: Bench) -> None:
    await bench.take(speed.granted(), facts.executed())
    await bench.take(facts.executed("second", grown_from="fix", signature="missing"))
    await bench.take(withdrawal())
    assert await bench.state(facts.id_of("second", speed.case_of("missing"))) == "rolled_back"
    assert decisions(await bench.take(facts.executed("third", grown_from="second"))) == [Decision.STALE]


async def test_two_approvals_for_one_skill_at_the_same_moment_promote_one(bench: Bench) -> None:
    other = speed.case_of("missing")
    await bench.awaits_approval()
    await bench.take(facts.executed("other", signature="missing"))
    await asyncio.gather(
        bench.service.deliver(decided()), bench.service.deliver(decided(name="other", case=other), partition=1)
    )
    published = await bench.service.publications()
    assert len(versions(published)) == 1
    assert decisions(published) == [Decision.STALE]
