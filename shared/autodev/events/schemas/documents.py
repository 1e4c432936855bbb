"""The files under `schemas/`, made from the catalogue; the same bytes on every machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from autodev.events.catalogue import EVENT_TYPES, SUBSCRIPTIONS, TOPICS, EventType, Topic
from autodev.events.schemas.descriptions import field_descriptions

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


class _Untitled(GenerateJsonSchema):
    """Without a title for each field, which would only say its name again."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        return False


def documents() -> dict[PurePosixPath, str]:
    """Path below `schemas/` → content, of every generated file."""
    schemas = {schema_path(each): render(schema(each)) for each in EVENT_TYPES.values()}
    return schemas | {PurePosixPath("topics.json"): render({"topics": [_topic(topic) for topic in TOPICS]})}


def family(event_type: EventType) -> str:
    """The type's name without its major version: the directory of its schemas and examples."""
    return event_type.name.removesuffix(f".v{event_type.major}")


def schema_path(event_type: EventType) -> PurePosixPath:
    return PurePosixPath(family(event_type), f"v{event_type.major}.schema.json")


def schema(event_type: EventType) -> Schema:
    """JSON Schema of the type's data, as tolerant of unknown properties as consumers are."""
    generated = event_type.data.model_json_schema(mode="validation", schema_generator=_Untitled)
    generated.pop("title")
    head = {
        "$schema": DIALECT,
        "$id": event_type.schema_id,
        "title": event_type.name,
    }
    described = _describe(head | generated, event_type.data)
    _tolerate(described)
    return described


def render(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _describe(generated: Schema, model: type[BaseModel]) -> Schema:
    parts = {each.__name__: each for each in _subclasses(BaseModel)}
    for name, part in generated.get("$defs", {}).items():
        if name in parts:
            _describe_fields(part, parts[name])
    _describe_fields(generated, model)
    return generated


def _describe_fields(generated: Schema, model: type[BaseModel]) -> None:
    for name, text in field_descriptions(model).items():
        generated["properties"][name]["description"] = text


def _subclasses(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in model.__subclasses__():
        if each.__module__.startswith("autodev.events.models."):
            yield each
            yield from _subclasses(each)


def _tolerate(generated: Any) -> None:
    if isinstance(generated, dict):
        if generated.get("additionalProperties") is False:
            del generated["additionalProperties"]
        for part in generated.values():
            _tolerate(part)
    elif isinstance(generated, list):
        for part in generated:
            _tolerate(part)


def _topic(topic: Topic) -> dict[str, Any]:
    return {
        "name": topic.name,
        "key": topic.key,
        "cleanup": topic.cleanup.value,
        "partitions": topic.partitions,
        "retention_ms": int(topic.retention.total_seconds() * 1000),
        "max_bytes": topic.max_bytes,
        "event_types": [each.name for each in EVENT_TYPES.values() if each.topic == topic],
        "consumers": sorted(group for group, topics in SUBSCRIPTIONS.items() if topic in topics),
    }
