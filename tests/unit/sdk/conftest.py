from __future__ import annotations

from collections.abc import Iterator

import pytest

from autodev.testing import MemoryBus, memory_bus


@pytest.fixture
def bus() -> Iterator[MemoryBus]:
    with memory_bus(tenant="acme", agent="pilot") as bus:
        yield bus
