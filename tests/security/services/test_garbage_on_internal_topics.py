"""Whoever may write to an internal topic can put anything there: services refuse it or make nothing of it."""

from __future__ import annotations

from typing import Any

import pytest

from autodev.events.binary import to_record
from autodev.events.catalogue import EVENT_TYPES, SUBSCRIPTIONS
from autodev.events.envelope import new_event
from autodev.events.models.search import CandidatesExecuted
from autodev.events.record import Record
from autodev.ids import CandidateId, sha256
from autodev.stream.ports import Partition
from tests.integration.fitness import facts
from tests.integration.loopback import speed
from tests.integration.loopback.installed import Installed
from tests.security.services.conftest import SERVICES
from tests.unit.events.factories import random_data
from tests.unit.events.records import received

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("name", SERVICES)
async def test_events_out_of_nowhere_end_no_service(services: dict[str, Installed], name: str) -> None:
    """Well-formed events of cases, candidates and skills that nobody has ever heard of."""
    for event_type in EVENT_TYPES.values():
        if event_type.topic in SUBSCRIPTIONS[name]:
            events = [new_event(random_data(event_type), source="/anyone") for _ in range(5)]
            await services[name].deliver(*events)
    letters = [record for record in await services[name].outbox() if record.topic == f"{name}.dlq"]
    refusals = {
        (dict(letter.headers)["dlq-error-class"], dict(letter.headers)["dlq-error-message"]) for letter in letters
    }
    assert {failure for failure, _ in refusals} <= {b"invalid"}, refusals


@pytest.mark.parametrize("name", SERVICES)
async def test_bytes_that_are_no_event_go_to_the_dead_letters_as_they_came(
    services: dict[str, Installed], name: str
) -> None:
    topic = SUBSCRIPTIONS[name][0].name
    garbage = [
        Record(topic, 0, 0, 1_000, b"\xff", b"\x00\xff", (("x", b"\xff"), ("x", None))),
        Record(topic, 0, 1, 1_000, None, None, ()),
        Record(topic, 0, 2, 1_000, b"", b"", (("ce_type", b"\xff"),)),
    ]
    await services[name].processor.process(Partition(topic, 0), garbage)
    letters = await services[name].outbox()
    assert [letter.topic for letter in letters] == [f"{name}.dlq"] * 3
    assert [(letter.key, letter.value) for letter in letters] == [(each.key, each.value) for each in garbage]
    assert [letter.headers[: len(each.headers)] for letter, each in zip(letters, garbage, strict=True)] == [
        each.headers for each in garbage
    ]
    assert all(b":" in dict(letter.headers)["dlq-error-message"] for letter in letters)  # type: ignore[operator]


def executed(**changes: Any) -> dict[str, Any]:
    event = facts.executed()
    return {**event.data.model_dump(mode="json"), **changes} if event.data else {}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"runs": []}, "data"),
        ({"generation": -1}, "generation"),
        ({"round": 0}, "round"),
        ({"candidates": []}, "candidates"),
        ({"runs": executed()["runs"][::-1]}, "data"),
        ({"runs": executed()["runs"] * 2}, "data"),
        ({"candidates": [executed()["candidates"][0]] * 2}, "data"),
        ({"evidence": executed()["evidence"][:1] * 2}, "data"),
        ({"case_id": ""}, "case_id"),
    ],
)
async def test_facts_that_do_not_fit_together_are_refused_and_their_neighbours_pass(
    services: dict[str, Installed], changes: dict[str, Any], field: str
) -> None:
    good = received(to_record(facts.executed("another")))
    wrong_value = _json({**executed(), **changes})
    records = [
        good,
        Record(good.topic, 0, 8, good.timestamp_ms, good.key, wrong_value, _with_id(good, b"wrong")),
        Record(good.topic, 0, 9, good.timestamp_ms, good.key, good.value, _with_id(good, b"third")),
    ]
    await services["fitness"].processor.process(Partition(good.topic, 0), records)
    sent = await services["fitness"].outbox()
    [letter] = [record for record in sent if record.topic == "fitness.dlq"]
    assert letter.value == wrong_value
    assert (dict(letter.headers)["dlq-error-message"] or b"").startswith(field.encode())
    assert len([record for record in sent if record.topic == "learning.candidates.scored.v1"]) == 2


async def test_facts_of_candidates_that_nobody_proposed_promote_nothing_in_another_case(
    services: dict[str, Installed],
) -> None:
    fitness = services["fitness"]
    await fitness.take(speed.granted())
    await fitness.take(facts.executed("known"))
    before = await fitness.rows("SELECT t::text FROM fitness.skill t")
    event = facts.executed("forged", signature="other")
    assert isinstance(event.data, CandidatesExecuted)
    await fitness.take(event)
    assert CandidateId(facts.id_of("forged")) != event.data.candidates[1].candidate_id
    assert await fitness.rows("SELECT t::text FROM fitness.skill t") == before
    assert sha256(facts.code("known")) in before[0][0]


def _json(value: Any) -> bytes:
    import orjson

    return orjson.dumps(value)


def _with_id(record: Record, event_id: bytes) -> tuple[tuple[str, bytes | None], ...]:
    return tuple((name, event_id if name == "ce_id" else value) for name, value in record.headers)
