"""A released schema may gain optional properties and definitions, and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from autodev.events.catalogue import EVENT_TYPES
from autodev.events.schemas.compatibility import incompatibilities
from autodev.events.schemas.documents import schema

Schema = dict[str, Any]

SCHEMAS = {name: schema(event_type) for name, event_type in EVENT_TYPES.items()}


def objects(part: Any) -> Iterator[Schema]:
    """Every object schema within `part` that has properties of its own."""
    if isinstance(part, dict):
        if "properties" in part and isinstance(part.get("type"), str):
            yield part
        for each in part.values():
            yield from objects(each)
    elif isinstance(part, list):
        for each in part:
            yield from objects(each)


def constrained(part: Any, keyword: str) -> Iterator[Schema]:
    """Every schema within `part` that uses `keyword`."""
    if isinstance(part, dict):
        if keyword in part and "properties" not in part:
            yield part
        for each in part.values():
            yield from constrained(each, keyword)
    elif isinstance(part, list):
        for each in part:
            yield from constrained(each, keyword)


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_unchanged_schema_is_compatible(name: str) -> None:
    assert incompatibilities(SCHEMAS[name], copy.deepcopy(SCHEMAS[name])) == []


@given(name=st.sampled_from(sorted(SCHEMAS)), data=st.data())
def test_an_optional_property_may_be_added_anywhere(name: str, data: st.DataObject) -> None:
    newer = copy.deepcopy(SCHEMAS[name])
    data.draw(st.sampled_from(list(objects(newer))))["properties"]["added_later"] = {"type": "string", "default": ""}
    assert incompatibilities(SCHEMAS[name], newer) == []


@given(name=st.sampled_from(sorted(SCHEMAS)), data=st.data())
def test_a_property_may_not_be_removed(name: str, data: st.DataObject) -> None:
    newer = copy.deepcopy(SCHEMAS[name])
    chosen = data.draw(st.sampled_from(list(objects(newer))))
    removed = data.draw(st.sampled_from(sorted(chosen["properties"])))
    del chosen["properties"][removed]
    assert any(each.endswith(f".{removed}: was removed") for each in incompatibilities(SCHEMAS[name], newer))


@given(name=st.sampled_from(sorted(SCHEMAS)), data=st.data())
def test_a_required_property_may_not_be_added(name: str, data: st.DataObject) -> None:
    newer = copy.deepcopy(SCHEMAS[name])
    chosen = data.draw(st.sampled_from(list(objects(newer))))
    chosen["properties"]["added_later"] = {"type": "string"}
    chosen["required"] = [*chosen.get("required", ()), "added_later"]
    assert any("added_later: is required and was not" in each for each in incompatibilities(SCHEMAS[name], newer))


@given(name=st.sampled_from(sorted(SCHEMAS)), data=st.data())
def test_a_required_property_may_not_become_optional(name: str, data: st.DataObject) -> None:
    """Readers of the old schema would miss it in new data."""
    newer = copy.deepcopy(SCHEMAS[name])
    chosen = data.draw(st.sampled_from([each for each in objects(newer) if each.get("required")]))
    dropped = data.draw(st.sampled_from(chosen["required"]))
    chosen["required"] = [each for each in chosen["required"] if each != dropped]
    assert any(f"{dropped}: was required and is not" in each for each in incompatibilities(SCHEMAS[name], newer))


CHANGES: dict[str, list[Callable[[Any], Any]]] = {
    "maxLength": [lambda limit: limit - 1, lambda limit: limit + 1],
    "minLength": [lambda limit: limit + 1],
    "minimum": [lambda limit: limit + 1, lambda limit: limit - 1],
    "maximum": [lambda limit: limit - 1],
    "maxItems": [lambda limit: limit - 1],
    "pattern": [lambda pattern: pattern + "$"],
    "enum": [lambda values: values[1:], lambda values: [*values, "another"]],
    "const": [lambda value: f"not {value}"],
    "format": [lambda _: "date"],
    "type": [lambda kind: "boolean" if kind != "boolean" else "string"],
    "default": [lambda value: [value]],
    "anyOf": [lambda alternatives: alternatives[1:]],
}


@pytest.mark.parametrize("keyword", CHANGES)
@given(data=st.data())
def test_what_a_value_may_be_can_be_neither_narrowed_nor_widened(keyword: str, data: st.DataObject) -> None:
    users = [name for name in sorted(SCHEMAS) if any(constrained(SCHEMAS[name], keyword))]
    name = data.draw(st.sampled_from(users))
    newer = copy.deepcopy(SCHEMAS[name])
    chosen = data.draw(st.sampled_from(list(constrained(newer, keyword))))
    chosen[keyword] = data.draw(st.sampled_from(CHANGES[keyword]))(chosen[keyword])
    assert incompatibilities(SCHEMAS[name], newer) != []


@pytest.mark.parametrize("keyword", ["maxLength", "pattern", "minimum", "enum", "format"])
def test_a_limit_may_be_neither_lifted_nor_imposed(keyword: str) -> None:
    with_limit: Schema = {"properties": {"a": {"type": "string", keyword: ["x"]}}}
    without: Schema = {"properties": {"a": {"type": "string"}}}
    assert incompatibilities(with_limit, without) == [f"data.a: {keyword} was ['x'], is absent"]
    assert incompatibilities(without, with_limit) == [f"data.a: {keyword} was absent, is ['x']"]


def test_words_about_a_property_may_change() -> None:
    old: Schema = {"title": "A", "properties": {"a": {"type": "string", "description": "before"}}}
    new: Schema = {"title": "B", "properties": {"a": {"type": "string", "description": "after"}}}
    assert incompatibilities(old, new) == []


def test_a_definition_may_get_another_name() -> None:
    part = {"type": "object", "properties": {"x": {"type": "string"}}}
    old: Schema = {"$defs": {"Before": part}, "properties": {"a": {"$ref": "#/$defs/Before"}}}
    new: Schema = {"$defs": {"After": part}, "properties": {"a": {"$ref": "#/$defs/After"}}}
    assert incompatibilities(old, new) == []


def test_a_change_within_a_definition_is_found_where_it_is_used() -> None:
    old: Schema = {"$defs": {"Part": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/Part"}}}
    new: Schema = {"$defs": {"Part": {"type": "integer"}}, "properties": {"a": {"$ref": "#/$defs/Part"}}}
    assert incompatibilities(old, new) == ["data.a: type was 'string', is 'integer'"]


class Leaf(BaseModel):
    kind: Literal["leaf"] = "leaf"


class Branch(BaseModel):
    kind: Literal["branch"] = "branch"
    left: Tree
    right: Tree


class WiderBranch(BaseModel):
    kind: Literal["branch"] = "branch"
    left: Tree
    right: Tree | None


Tree = Annotated[Leaf | Branch, Field(discriminator="kind")]


def test_definitions_that_refer_to_themselves_are_compared_once() -> None:
    narrow, wide = Branch.model_json_schema(), WiderBranch.model_json_schema()
    assert incompatibilities(narrow, narrow) == []
    assert incompatibilities(narrow, wide) != []
