"""What can be said of a program without running it, to spare an isolation what it would only say again.

    with GateProcess() as gate:
        findings = gate.inspect(module_source, "speed", [replacement])

Useful for speed, and no wall: whatever passes runs in isolation and nowhere else, and what can't be inspected passes.
Its own dependencies are the standard library's: the process that parses hostile text holds nothing else.
"""

from autodev.sandbox.gate.finding import Finding, Reason
from autodev.sandbox.gate.inspection import MAX_BYTES, inspect
from autodev.sandbox.gate.process import GateProcess
from autodev.sandbox.gate.safety import Safety

__all__ = ["MAX_BYTES", "Finding", "GateProcess", "Reason", "Safety", "inspect"]
