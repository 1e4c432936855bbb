"""Whether the files under `schemas/` are what the catalogue makes."""

from __future__ import annotations

from pathlib import Path

from autodev.events.schemas.documents import documents


def drift(directory: Path) -> list[str]:
    """What differs between `directory` and the catalogue, one line a file."""
    wanted = {directory / path: content for path, content in documents().items()}
    found = {directory / "topics.json", *directory.glob("*/v*.schema.json")}
    stale = [f"{file}: no event type makes it" for file in sorted(found - wanted.keys())]
    changed = [
        f"{file}: {'differs from the models' if file.exists() else 'is missing'}"
        for file, content in wanted.items()
        if not file.exists() or file.read_text() != content
    ]
    return stale + changed


def write(directory: Path) -> None:
    """Write every generated file, and remove schemas of types that are gone."""
    wanted = {directory / path: content for path, content in documents().items()}
    for file, content in wanted.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    for file in directory.glob("*/v*.schema.json"):
        if file not in wanted:
            file.unlink()
