"""What of the emissions of a replay goes out, when the database that knew it is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from autodev.events.catalogue import CANDIDATES_SCORED, SKILL_PROMOTED, Topic
from autodev.events.record import OutgoingRecord
from autodev.rebuild.errors import RebuildRefusedError
from autodev.rebuild.outputs import Outputs
from autodev.service.database import create_engine
from autodev.service.settings import DatabaseSettings
from autodev.stream.postgres.relay import BATCH
from services.fitness.rebuild import recipe

pytestmark = pytest.mark.postgres


@pytest.fixture
async def outputs(database_url: str) -> AsyncIterator[Outputs]:
    """Of fitness, with nothing published."""
    engine = create_engine(DatabaseSettings(url=SecretStr(database_url)), "test")
    async with engine.begin() as connection:
        outputs = Outputs(connection, recipe())
        await outputs.create()
        yield outputs
    await engine.dispose()


def emitted(
    id_: str, *, at: int, topic: Topic = CANDIDATES_SCORED, key: str = "case", value: bytes | None = b"{}"
) -> OutgoingRecord:
    headers = (("ce_source", b"/services/fitness"), ("ce_id", id_.encode()))
    return OutgoingRecord(topic.name, key.encode(), value, headers, timestamp_ms=at)


def promoted(id_: str, *, at: int, value: bytes | None = b"{}") -> OutgoingRecord:
    return emitted(id_, at=at, topic=SKILL_PROMOTED, key="acme/speed", value=value)


async def missing(outputs: Outputs) -> list[bytes | None]:
    return [dict(record.headers)["ce_id"] for record in await outputs.missing()]


async def test_what_is_on_its_topic_is_not_missing(outputs: Outputs) -> None:
    await outputs.add([emitted("a", at=1)])
    await outputs.take([emitted("a", at=1), emitted("b", at=2)])
    assert await missing(outputs) == [b"b"]
    assert (outputs.emitted, outputs.found, outputs.differing) == (2, 1, 0)


async def test_what_says_something_else_on_its_topic_is_counted_and_not_sent(outputs: Outputs) -> None:
    await outputs.add([emitted("a", at=1, value=b'{"decision":"promoted"}')])
    await outputs.take([emitted("a", at=1, value=b'{"decision":"stale"}')])
    assert await missing(outputs) == []
    assert (outputs.differing, outputs.examples) == (1, [f"{CANDIDATES_SCORED.name} a"])


async def test_an_old_promotion_is_not_sent_after_a_newer_one(outputs: Outputs) -> None:
    await outputs.add([promoted("new", at=2)])
    await outputs.take([promoted("compacted", at=1), promoted("new", at=2)])
    assert await missing(outputs) == []


async def test_of_two_unpublished_promotions_the_newer_one_is_sent(outputs: Outputs) -> None:
    await outputs.take([promoted("first", at=1), promoted("second", at=2)])
    assert await missing(outputs) == [b"second"]


async def test_a_withdrawn_version_whose_tombstone_is_gone_too_does_not_come_back(outputs: Outputs) -> None:
    await outputs.take([promoted("compacted", at=1), promoted("tombstone", at=2, value=None)])
    assert await missing(outputs) == []


async def test_an_unpublished_tombstone_withdraws_what_stands(outputs: Outputs) -> None:
    await outputs.add([promoted("stands", at=1)])
    await outputs.take([promoted("stands", at=1), promoted("tombstone", at=2, value=None)])
    assert await missing(outputs) == [b"tombstone"]


async def test_what_lies_more_than_a_batch_of_the_relay_back_was_published(outputs: Outputs) -> None:
    await outputs.take([emitted("old", at=1)])
    await outputs.take([emitted(f"e-{number}", at=2) for number in range(BATCH)])
    assert b"old" not in await missing(outputs)
    assert len(await missing(outputs)) == BATCH


async def test_a_topic_that_the_recipe_does_not_name_ends_the_rebuild(outputs: Outputs) -> None:
    with pytest.raises(RebuildRefusedError, match=r"services/fitness/rebuild\.py does not name"):
        await outputs.take([OutgoingRecord("somewhere.else.v1", b"k", b"{}")])
