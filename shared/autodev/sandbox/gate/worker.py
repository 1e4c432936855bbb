"""The process that parses, run as a script: a line of JSON in, a line of JSON out, until its input ends."""

from __future__ import annotations

import json
import resource
import sys
import types
from pathlib import Path

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 2
"""Of one request: what ends text that keeps the parser busy, however busy the machine is."""


def main() -> None:
    # The packages above the gate's import half of this system, which has no business near hostile text.
    here = Path(__file__).resolve().parent
    for name, path in (("autodev", here.parents[1]), ("autodev.sandbox", here.parent)):
        package = types.ModuleType(name)
        package.__path__ = [str(path)]
        sys.modules[name] = package
    from autodev.sandbox.gate.inspection import inspect_all
    from autodev.sandbox.gate.safety import Safety

    bound(resource.RLIMIT_CORE, 0)
    bound(resource.RLIMIT_AS, MEMORY_BYTES)
    for line in sys.stdin.buffer:
        used = resource.getrusage(resource.RUSAGE_SELF)
        bound(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + CPU_SECONDS)
        request = json.loads(line)
        found = inspect_all(
            request["module_source"], request["entrypoint"], request["replacements"], Safety(request["safety"])
        )
        answer = [[(each.reason, each.message, each.raises) for each in findings] for findings in found]
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


def bound(kind: int, amount: int) -> None:
    """The soft limit alone: the hard one may be lower than what is asked for, and could not be raised again."""
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (amount if hard == resource.RLIM_INFINITY else min(amount, hard), hard))


if __name__ == "__main__":
    main()
