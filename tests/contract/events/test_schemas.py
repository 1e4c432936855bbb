"""The committed schemas are those of the models, and the models break no released one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from autodev.events.catalogue import EVENT_TYPES, SUBSCRIPTIONS, TOPICS, EventType
from autodev.events.schemas.documents import documents, schema, schema_path
from autodev.events.schemas.drift import drift
from autodev.events.schemas.release import RELEASED, broken_contracts
from tests.contract.events.examples import SCHEMAS, examples_of

each_type = pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda each: each.name)


def test_the_committed_schemas_are_those_of_the_models() -> None:
    """If not: `make schemas`, and look at what changed."""
    assert drift(SCHEMAS) == []


def test_the_models_break_no_released_schema() -> None:
    """If they do: take the change back, or give the event type a new major version."""
    assert broken_contracts(SCHEMAS) == []


def test_generating_twice_gives_the_same_bytes() -> None:
    assert documents() == documents()


@each_type
def test_a_schema_is_a_valid_schema_that_names_its_type(event_type: EventType) -> None:
    generated = schema(event_type)
    Draft202012Validator.check_schema(generated)
    assert generated["title"] == event_type.name
    assert generated["$id"] == f"urn:autodev:event:{':'.join(event_type.name.rsplit('.', 1))}.{event_type.minor}"


@each_type
def test_a_schema_tolerates_properties_that_a_newer_producer_adds(event_type: EventType) -> None:
    for example in examples_of(event_type):
        newer = example.document | {"added_later": {"anything": [1, None]}}
        assert list(Draft202012Validator(schema(event_type)).iter_errors(newer)) == []


@each_type
def test_every_example_can_be_read_by_readers_of_the_released_schema(event_type: EventType) -> None:
    file = SCHEMAS / RELEASED / schema_path(event_type)
    assert file.exists(), "a new event type is released with: python -m autodev.events.schemas release"
    released = Draft202012Validator(json.loads(file.read_text()))
    for example in examples_of(event_type):
        assert [error.message for error in released.iter_errors(example.document)] == []


def test_the_topics_document_lists_every_topic_with_its_types_and_consumers() -> None:
    listed = {topic["name"]: topic for topic in json.loads((SCHEMAS / "topics.json").read_text())["topics"]}
    assert list(listed) == [topic.name for topic in TOPICS]
    assert listed["analysis.failure.windowed.v1"]["event_types"] == ["dev.autodev.failure.windowed.v1"]
    assert {name for topic in listed.values() for name in topic["consumers"]} == set(SUBSCRIPTIONS)
    assert {name for topic in listed.values() for name in topic["event_types"]} == set(EVENT_TYPES)


def test_nothing_else_lies_among_the_schemas() -> None:
    known = {SCHEMAS / "README.md"} | {SCHEMAS / path for path in documents()}
    known |= {SCHEMAS / RELEASED / schema_path(each) for each in EVENT_TYPES.values()}
    known |= {example.file for each in EVENT_TYPES.values() for example in examples_of(each)}
    assert {file for file in Path(SCHEMAS).rglob("*") if file.is_file()} - known == set()
