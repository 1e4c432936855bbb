"""The committed examples, found by their place: `schemas/<type>/examples/v<major>/<name>.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autodev.events.catalogue import EVENT_TYPES, EventType

SCHEMAS = Path(__file__).parents[3] / "schemas"


@dataclass(frozen=True)
class Example:
    event_type: EventType
    file: Path

    @property
    def document(self) -> Any:
        return json.loads(self.file.read_text())

    def __str__(self) -> str:
        return f"{self.event_type.name}/{self.file.stem}"


def examples_of(event_type: EventType) -> list[Example]:
    family, _, version = event_type.name.rpartition(".")
    return [Example(event_type, file) for file in sorted((SCHEMAS / family / "examples" / version).glob("*.json"))]


EXAMPLES = [example for event_type in EVENT_TYPES.values() for example in examples_of(event_type)]
