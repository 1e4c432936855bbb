"""Each committed example is an event of its type: for a JSON Schema validator, for our models, and on the wire."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from autodev.events.binary import from_record, to_record
from autodev.events.catalogue import EVENT_TYPES, EventType, type_of
from autodev.events.envelope import Event, new_event
from autodev.events.models.base import EventData
from autodev.events.record import Record
from autodev.events.schemas.documents import schema
from tests.contract.events.examples import EXAMPLES, SCHEMAS, Example, examples_of

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=str)


def parsed(example: Example) -> EventData:
    return example.event_type.data.model_validate_json(example.file.read_text())


@pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda each: each.name)
def test_every_event_type_has_a_small_and_a_rich_example(event_type: EventType) -> None:
    sizes = [len(example.document) for example in examples_of(event_type)]
    assert len(sizes) >= 2


def test_every_example_belongs_to_an_event_type() -> None:
    assert {example.file for example in EXAMPLES} == set(SCHEMAS.glob("*/examples/*/*.json"))


@each_example
def test_an_example_validates_against_its_schema(example: Example) -> None:
    validator = Draft202012Validator(schema(example.event_type), format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(example.document)] == []


@each_example
def test_an_example_is_what_a_strict_writer_may_write(example: Example) -> None:
    data = parsed(example)
    assert type_of(data) == example.event_type


@each_example
def test_an_example_keeps_its_values_when_it_is_written_anew(example: Example) -> None:
    data = parsed(example)
    assert type(data).read(data.write()) == data


@each_example
def test_an_example_survives_the_journey_through_a_record(example: Example) -> None:
    event: Event[EventData] = new_event(parsed(example), source="/examples")
    sent = to_record(event)
    read = from_record(Record(sent.topic, 0, 0, sent.timestamp_ms or 0, sent.key, sent.value, sent.headers))
    assert read == event
