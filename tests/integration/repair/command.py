"""`autodev repair` on a module and cases that a test writes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from autodev.cli.app import app

Cases = Iterable[tuple[str, str]] | str
"""Calls with what they should return, or the text of their file."""

ADULT = "def adult(age):\n    return age > 18\n"
ADULTS = [("adult(18)", "True"), ("adult(17)", "False"), ("adult(30)", "True"), ("adult(0)", "False")]


def written(tmp_path: Path, source: str | bytes, cases: Cases) -> tuple[Path, Path]:
    """The files of a module and of its cases."""
    module, file = tmp_path / "module.py", tmp_path / "cases.jsonl"
    module.write_bytes(source if isinstance(source, bytes) else source.encode())
    if not isinstance(cases, str):
        cases = "".join(json.dumps({"call": call, "expected": expected}) + "\n" for call, expected in cases)
    file.write_text(cases, encoding="utf-8")
    return module, file


def run(tmp_path: Path, source: str | bytes, entrypoint: str, cases: Cases, *more: str) -> Any:
    module, file = written(tmp_path, source, cases)
    return CliRunner().invoke(app, ["repair", str(module), "--entrypoint", entrypoint, "--cases", str(file), *more])
