"""A generation's facts become a decision."""

from __future__ import annotations

import pytest

from autodev.events.models.call import Returned
from autodev.events.models.case import ApprovalRequested
from autodev.events.models.search import CandidatesScored, Decision, PropertyVerdict
from autodev.events.models.workspace import Maturity
from autodev.ids import AgentId, TenantId, sha256
from tests.integration.fitness import facts
from tests.integration.fitness.bench import Bench, decided, decisions, reasons, versions, withdrawal
from tests.integration.loopback import speed

pytestmark = pytest.mark.postgres
UNVOUCHED = facts.right(PropertyVerdict.ABSENT)


async def test_a_base_that_fails_as_recorded_reproduces_the_failure(bench: Bench) -> None:
    [scored] = await bench.take(facts.executed(generation=0))
    assert isinstance(scored.data, CandidatesScored)
    assert scored.data.decision is Decision.REPRODUCED
    assert scored.data.sound_calls == ("fail-1", "fail-2", "good-1")
    assert [seen.call_id for seen in scored.data.observed] == ["fail-1"]  # never the held-out one


@pytest.mark.parametrize("generation", [0, 1])
async def test_a_base_that_does_not_fail_any_more_is_not_reproduced(bench: Bench, generation: int) -> None:
    published = await bench.take(facts.executed(generation=generation, base=facts.right()))
    assert decisions(published) == [Decision.NOT_REPRODUCED]
    assert "2 returned" in reasons(published)[0]


async def test_nothing_plausible_lets_the_search_go_on(bench: Bench) -> None:
    await bench.take(speed.granted())
    wrong = facts.right() | {"good-1": (Returned(value=0), PropertyVerdict.HELD)}
    assert decisions(await bench.take(facts.executed(answers=wrong))) == [Decision.CONTINUE]


async def test_a_vouched_fix_of_an_autonomous_agent_is_promoted_as_1_0_0(bench: Bench) -> None:
    await bench.take(speed.granted())
    published = await bench.take(facts.executed())
    [version] = versions(published)
    assert decisions(published) == [Decision.PROMOTED]
    assert (version.version, version.code, version.replaces) == ("1.0.0", facts.code("fix"), None)
    assert version.approved_by == "autonomous agent scout"
    assert await bench.state(facts.id_of("fix")) == "promoted"


async def test_the_fix_that_grows_from_it_is_1_0_1_and_names_what_it_replaces(bench: Bench) -> None:
    await bench.take(speed.granted(), facts.executed())
    [version] = versions(await bench.take(facts.executed("second", grown_from="fix", signature="missing")))
    assert (version.version, version.replaces) == ("1.0.1", sha256(facts.code("fix")))


async def test_without_an_oracle_a_person_is_asked(bench: Bench) -> None:
    await bench.take(speed.granted())
    published = await bench.take(facts.executed(answers=UNVOUCHED))
    [request] = [event.data for event in published if isinstance(event.data, ApprovalRequested)]
    assert decisions(published) == [Decision.APPROVAL_REQUESTED]
    assert request.candidate_id == facts.id_of("fix")
    assert "no oracle for 2 of 2" in request.reason


@pytest.mark.parametrize("maturity", [None, Maturity.INTERN, Maturity.SUPERVISED])
async def test_for_an_agent_that_is_not_autonomous_a_person_is_asked(bench: Bench, maturity: Maturity | None) -> None:
    if maturity is not None:
        await bench.take(speed.granted(maturity))
    assert decisions(await bench.take(facts.executed())) == [Decision.APPROVAL_REQUESTED]


async def test_a_grant_releases_what_waited_for_nothing_else(bench: Bench) -> None:
    await bench.take(speed.granted(Maturity.SUPERVISED), facts.executed())
    [version] = versions(await bench.take(speed.granted()))
    assert version.approved_by == "autonomous agent scout"
    assert await bench.take(speed.granted()) == []


async def test_a_grant_releases_nothing_that_a_person_must_see(bench: Bench) -> None:
    await bench.take(facts.executed(answers=UNVOUCHED))
    assert await bench.take(speed.granted()) == []


async def test_a_grant_releases_nothing_of_another_agent_or_tenant(bench: Bench) -> None:
    await bench.take(facts.executed())
    assert await bench.take(speed.granted(agent=AgentId("pilot")), speed.granted(tenant=TenantId("globex"))) == []


async def test_the_same_facts_again_change_nothing(bench: Bench) -> None:
    await bench.take(speed.granted())
    event = facts.executed()
    await bench.take(event)
    assert await bench.take(event) == []


async def test_of_two_cases_of_a_skill_the_second_is_stale_once_the_first_is_promoted(bench: Bench) -> None:
    await bench.take(speed.granted(), facts.executed())
    published = await bench.take(facts.executed("other", signature="missing"))
    assert (decisions(published), versions(published)) == ([Decision.STALE], [])


async def test_a_function_that_its_author_changed_has_no_promoted_version_to_grow_from(bench: Bench) -> None:
    await bench.take(speed.granted(), facts.executed())
    changed = sha256("changed")
    [version] = versions(await bench.take(facts.executed("other", signature="missing", function_hash=changed)))
    assert (version.version, version.function_hash) == ("1.0.1", changed)


async def test_a_version_that_was_withdrawn_is_promoted_again_only_by_a_person(bench: Bench) -> None:
    await bench.take(speed.granted(), facts.executed(), withdrawal())
    published = await bench.take(facts.executed())
    assert decisions(published) == [Decision.APPROVAL_REQUESTED]
    assert "withdrawn or rejected before" in reasons(published)[0]


async def test_while_it_waits_for_that_person_the_same_code_of_another_case_is_not_promoted_either(
    bench: Bench,
) -> None:
    await bench.take(speed.granted(), facts.executed(), withdrawal(), facts.executed())
    published = await bench.take(facts.executed(signature="missing"))
    assert decisions(published) == [Decision.APPROVAL_REQUESTED]


async def test_a_rejected_version_needs_a_person_the_next_time(bench: Bench) -> None:
    await bench.take(facts.executed(answers=UNVOUCHED), decided(approved=False), speed.granted())
    assert decisions(await bench.take(facts.executed())) == [Decision.APPROVAL_REQUESTED]


async def test_tenants_with_the_same_names_share_nothing(bench: Bench) -> None:
    other = TenantId("globex")
    await bench.take(speed.granted(), facts.executed())
    theirs = await bench.take(facts.executed(tenant=other))
    assert decisions(theirs) == [Decision.APPROVAL_REQUESTED]
    assert await bench.take(withdrawal(other)) == []
    [version] = versions(await bench.take(speed.granted(tenant=other)))
    assert (version.tenant_id, version.version) == (other, "1.0.0")
