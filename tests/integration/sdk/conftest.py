"""Agents on a real broker."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.sdk.agents import Installation


@pytest.fixture
async def installation(kafka_bootstrap: str, tmp_path: Path) -> Installation:
    installation = Installation(kafka_bootstrap, tmp_path / "spool")
    await installation.create_topics()
    return installation
