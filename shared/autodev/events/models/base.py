"""What all event data have in common: frozen, strict when written, tolerant when read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, JsonValue

from autodev.events.moments import UtcDatetime
from autodev.events.plain_json import require_plain

__all__ = ["EventData", "Part", "Tagged", "UtcDatetime", "utc_now"]

Tagged = JsonValue
"""A Python value as `autodev.values.encode` wrote it."""


class Part(BaseModel):
    """A part of event data. An unknown field is an error when we write, and ignored when we read."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False, hide_input_in_errors=True
    )


class EventData(Part):
    """The data of one event type; the class is found through `autodev.events.catalogue`."""

    @classmethod
    def read(cls, payload: bytes) -> Self:
        """Parse a record's value, ignoring fields that a newer producer added. Nothing is taken for what it is not:
        neither "5" nor true for a number.

        Raises:
            pydantic.ValidationError: not JSON, or a field is missing or wrong; the error names it.
            NotPlainError: JSON that another reader would read otherwise.
        """
        data = cls.model_validate_json(payload, strict=True, extra="ignore")
        require_plain(payload)
        return data

    @classmethod
    def of_valid(cls, values: dict[str, Any]) -> Self:
        """Made without validation, of `values` for all fields in their order, each as validation would have left it.

        For whoever takes them from data that were validated by the same limits; a test has to hold them together.
        """
        made = cls.__new__(cls)
        object.__setattr__(made, "__dict__", values)
        object.__setattr__(made, "__pydantic_fields_set__", set(values))
        object.__setattr__(made, "__pydantic_extra__", None)
        object.__setattr__(made, "__pydantic_private__", None)
        return made

    def write(self) -> bytes:
        """The record's value: JSON in UTF-8, the same bytes for equal data."""
        return self.__pydantic_serializer__.to_json(self)  # as `model_dump_json`, which makes a text of it first

    def record_key(self) -> str:
        """The key that decides the partition, and with it what stays in order."""
        raise NotImplementedError


def utc_now() -> datetime:
    return datetime.now(UTC)
