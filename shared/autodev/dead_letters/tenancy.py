"""Whose a record is when it may be no event at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from pydantic import TypeAdapter, ValidationError

from autodev.events.catalogue import TOPICS, Topic
from autodev.events.record import Record
from autodev.ids import TenantField, TenantId

_TOPICS: Final[Mapping[str, Topic]] = {topic.name: topic for topic in TOPICS}
_TENANT: Final[TypeAdapter[TenantId]] = TypeAdapter(TenantField)


def tenant_of(record: Record, topic: str | None) -> TenantId | None:
    """The tenant that the data name; without one, that of the key, where `topic` has it there. For display only."""
    return _named(_data(record.value).get("tenant_id")) or _named(_in_key(record.key, _TOPICS.get(topic or "")))


def _data(value: bytes | None) -> Mapping[str, Any]:
    try:
        data = orjson.loads(value or b"")
    except orjson.JSONDecodeError:
        return {}
    if isinstance(data, dict) and "specversion" in data:  # an event in structured mode
        data = data.get("data")
    return data if isinstance(data, dict) else {}


def _in_key(key: bytes | None, topic: Topic | None) -> str | None:
    if key is None or topic is None or topic.key.partition("/")[0] != "tenant":
        return None
    return key.decode("utf-8", "replace").partition("/")[0]


def _named(value: object) -> TenantId | None:
    try:
        return _TENANT.validate_python(value, strict=True)
    except ValidationError:
        return None
