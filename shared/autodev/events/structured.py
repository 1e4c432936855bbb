"""CloudEvents in structured mode: attributes and data in one JSON object. Read only; we write binary mode."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import replace
from typing import Any, Final

from pydantic_core import from_json

from autodev.events.invalid import InvalidRecordError
from autodev.events.place import dotted
from autodev.events.plain_json import NotPlainError, require_plain
from autodev.events.record import Headers, Record

STRUCTURED_TYPE: Final = "application/cloudevents+json"
_FAMILY = b"application/cloudevents"
_DATA: Final = ("data", "data_base64")
_TEXTS: Final = frozenset({"specversion", "id", "source", "type", "datacontenttype", "dataschema", "subject", "time"})
_INTEGERS: Final = range(-(2**31), 2**31)
OF_THE_HOP: Final = ("traceparent", "tracestate")


def is_structured(headers: Headers) -> bool:
    for name, value in headers:  # as a generator this would take three times as long, of what every record takes
        if name == "content-type" and value is not None and value[: len(_FAMILY)].lower() == _FAMILY:
            return True
    return False


def in_binary_mode(record: Record) -> Record:
    """`record` itself, or the same event in binary mode if it came in structured mode.

    Raises:
        InvalidRecordError: as `to_binary`.
    """
    return to_binary(record) if is_structured(record.headers) else record


def to_binary(record: Record) -> Record:
    """The same event in binary mode.

    Raises:
        InvalidRecordError: no JSON envelope, or an attribute of no type that CloudEvents has; batches are not taken.
    """
    envelope = _envelope(record)
    attributes = {name: value for name, value in envelope.items() if name not in _DATA and value is not None}
    if "specversion" not in attributes:
        raise InvalidRecordError("ce_specversion", "is missing")
    of_the_hop = [(name, value) for name, value in record.headers if name in OF_THE_HOP]
    headers = (*((f"ce_{name}", _text(name, value).encode()) for name, value in attributes.items()), *of_the_hop)
    return replace(record, value=_data(envelope), headers=headers)


def _text(name: str, value: object) -> str:
    """An attribute's canonical text: those of the specification are texts, extensions also integers and booleans."""
    if isinstance(value, str):
        return value
    if name in _TEXTS:
        raise InvalidRecordError(f"ce_{name}", "is no text")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value in _INTEGERS:
        return str(value)
    raise InvalidRecordError(dotted([f"ce_{name}"]), "is neither a text nor a boolean nor an integer of 32 bits")


def _envelope(record: Record) -> dict[str, Any]:
    kind = next(value for name, value in record.headers if name == "content-type" and value is not None)
    if kind.partition(b";")[0].strip().lower() != STRUCTURED_TYPE.encode():
        raise InvalidRecordError("content-type", f"is neither {STRUCTURED_TYPE} nor that of an event in binary mode")
    try:
        envelope = from_json(record.value or b"")
        require_plain(record.value or b"")
    except NotPlainError as error:
        raise InvalidRecordError(error.field, error.reason) from None
    except ValueError:
        raise InvalidRecordError("data", "is not JSON") from None
    if not isinstance(envelope, dict):
        raise InvalidRecordError("data", "is no JSON object, so no event in structured mode")
    return envelope


def _data(envelope: dict[str, Any]) -> bytes | None:
    if "data_base64" in envelope:
        try:
            return base64.b64decode(envelope["data_base64"], validate=True)
        except (TypeError, ValueError, binascii.Error):
            raise InvalidRecordError("data_base64", "is no base64") from None
    return json.dumps(envelope["data"], ensure_ascii=False).encode() if envelope.get("data") is not None else None
