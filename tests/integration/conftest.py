"""What several services' tests need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.broker import Kafka, start_kafka


@pytest.fixture
def kafka(tmp_path: Path) -> Iterator[Kafka]:
    """A broker of the test's own, to be disturbed."""
    kafka = start_kafka(tmp_path / "kafka")
    yield kafka
    kafka.stop()
