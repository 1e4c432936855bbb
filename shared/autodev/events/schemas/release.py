"""Released schemas: frozen copies, so that an incompatible change fails even after the schemas were written anew.

`schemas/released/` holds what others rely on. `release` adds to it what is new and compatible; it never takes away.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autodev.events.catalogue import EVENT_TYPES
from autodev.events.schemas.compatibility import incompatibilities
from autodev.events.schemas.documents import render, schema, schema_path

RELEASED = "released"


class IncompatibleSchemaError(ValueError):
    """The models break a released contract."""


def broken_contracts(directory: Path) -> list[str]:
    """What today's models break of the schemas released under `directory`, each with its type and place."""
    today = {Path(schema_path(each)): schema(each) for each in EVENT_TYPES.values()}
    broken = []
    for file in sorted((directory / RELEASED).glob("*/v*.schema.json")):
        path = file.relative_to(directory / RELEASED)
        if path in today:
            broken += [f"{path}: {each}" for each in _changes(_load(file), today[path])]
        else:
            broken.append(f"{path}: released, and no longer in the catalogue")
    return broken


def _changes(released: dict[str, Any], today: dict[str, Any]) -> list[str]:
    """What makes `today` no successor of `released`: it breaks it, or adds to it under the same id."""
    if broken := incompatibilities(released, today):
        return broken
    added = incompatibilities(today, released)
    if added and released["$id"] == today["$id"]:
        return [f"differs from what was released as {today['$id']}: raise `minor` of the event type in the catalogue"]
    return []


def release(directory: Path) -> list[Path]:
    """Freeze today's schemas; return the files that were written.

    Raises:
        IncompatibleSchemaError: they break what was released before; nothing was written.
    """
    if broken := broken_contracts(directory):
        raise IncompatibleSchemaError("\n".join(broken))
    written = []
    for event_type in EVENT_TYPES.values():
        file = directory / RELEASED / schema_path(event_type)
        content = render(schema(event_type))
        if not file.exists() or file.read_text() != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
            written.append(file)
    return written


def _load(file: Path) -> dict[str, Any]:
    loaded = json.loads(file.read_text())
    assert isinstance(loaded, dict)
    return loaded
