"""A version that failed: agents go back to the one before, or to the original."""

from __future__ import annotations

import pytest

from autodev.events.models.case import SkillPromoted, SkillWithdrawn
from autodev.events.models.search import Decision, PropertyVerdict
from autodev.ids import TenantId, sha256
from tests.integration.fitness import facts
from tests.integration.fitness.bench import Bench, decided, decisions, rollback, versions, withdrawal
from tests.integration.loopback import speed

pytestmark = pytest.mark.postgres
SECOND = facts.id_of("second", speed.case_of("missing"))


async def two_versions(bench: Bench) -> None:
    """The candidate "fix", and "second" that grew from it."""
    await bench.take(speed.granted(), facts.executed())
    await bench.take(facts.executed("second", grown_from="fix", signature="missing"))


async def test_the_version_before_is_promoted_again_under_a_number_of_its_own(bench: Bench) -> None:
    await two_versions(bench)
    [version] = versions(await bench.take(rollback("second")))
    assert (version.version, version.code, version.rolls_back) == (
        "1.0.2",
        facts.code("fix"),
        sha256(facts.code("second")),
    )
    assert await bench.state(SECOND) == "rolled_back"
    assert await bench.state(facts.id_of("fix")) == "promoted"


async def test_it_says_which_version_went_on_whose_word_and_what_is_back(bench: Bench) -> None:
    await two_versions(bench)
    _, told = await bench.take(rollback("second", by="grace"))
    assert isinstance(told.data, SkillWithdrawn)
    assert (told.data.candidate_id, told.data.requested_by, told.data.restored) == (
        SECOND,
        "grace",
        sha256(facts.code("fix")),
    )


async def test_without_a_version_before_the_original_is_back(bench: Bench) -> None:
    await bench.take(speed.granted(), facts.executed())
    tombstone, told = await bench.take(rollback())
    assert (tombstone.type.data, tombstone.key, tombstone.data) == (SkillPromoted, "acme/speed", None)
    assert isinstance(told.data, SkillWithdrawn)
    assert told.data.restored is None
    assert await bench.state(facts.id_of("fix")) == "rolled_back"


async def test_a_version_that_is_no_longer_loaded_is_not_rolled_back(bench: Bench) -> None:
    await two_versions(bench)
    assert await bench.take(rollback("fix")) == []
    assert await bench.take(rollback("second", tenant=TenantId("globex"))) == []


async def test_asking_twice_goes_back_once(bench: Bench) -> None:
    await two_versions(bench)
    await bench.take(rollback("second"))
    assert await bench.take(rollback("second")) == []


async def test_the_restored_version_can_be_rolled_back_in_turn(bench: Bench) -> None:
    await two_versions(bench)
    await bench.take(rollback("second"))
    tombstone, _ = await bench.take(rollback("fix"))
    assert tombstone.data is None


async def test_a_version_that_failed_is_not_promoted_again_by_itself(bench: Bench) -> None:
    await two_versions(bench)
    await bench.take(rollback("second"))
    again = await bench.take(facts.executed("second", grown_from="fix", signature="missing"))
    assert decisions(again) == [Decision.APPROVAL_REQUESTED]


async def test_what_grew_from_a_version_that_failed_goes_back_past_it(bench: Bench) -> None:
    await two_versions(bench)
    await bench.take(facts.executed("third", grown_from="second", signature="other"))
    await bench.take(rollback("third"), rollback("second"))
    assert await bench.state(facts.id_of("fix")) == "promoted"


async def test_a_withdrawn_version_that_a_person_promotes_again_replaces_the_original_alone(bench: Bench) -> None:
    await two_versions(bench)
    await bench.take(withdrawal())
    [back] = versions(await bench.take(decided(name="second", case=speed.case_of("missing"))))
    assert back.replaces is None
    tombstone, _ = await bench.take(rollback("second"))
    assert tombstone.data is None


async def test_a_candidate_that_waited_on_the_version_before_can_be_approved_again(bench: Bench) -> None:
    await bench.take(speed.granted(), facts.executed())
    waiting = facts.executed("waiting", facts.right(PropertyVerdict.ABSENT), grown_from="fix", signature="third")
    await bench.take(waiting, facts.executed("second", grown_from="fix", signature="missing"), rollback("second"))
    [version] = versions(await bench.take(decided(name="waiting", case=speed.case_of("third"))))
    assert (version.version, version.replaces) == ("1.0.3", sha256(facts.code("fix")))
