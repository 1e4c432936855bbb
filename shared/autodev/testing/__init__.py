"""Test an agent without a broker.

with autodev.testing.memory_bus() as bus:
    with pytest.raises(ValueError):
        speed({"distance": "NA"})
    assert bus.failures[0].call.outcome.type == "ValueError"
"""

from autodev.testing.bus import MemoryBus, memory_bus
from autodev.testing.memory import MemoryBroker, MemoryTransport

__all__ = ["MemoryBroker", "MemoryBus", "MemoryTransport", "memory_bus"]
