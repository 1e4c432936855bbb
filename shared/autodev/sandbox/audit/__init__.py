"""A record of every run, in files that only grow and in which each line holds the hash of the one before.

    engine = AuditedEngine(namespace_engine(), AuditLog(Path("runs.jsonl")))
    with on_behalf_of("acme"):
        await engine.run(program, calls, policy)

What was run is told by hashes, how it went by verdicts and numbers: nothing in it was written by a guest. The chain
shows that something was changed or taken out between two lines. It does not show that the end is missing, or that all
of it was written anew: for that, keep the last hash, which `verify` tells, where the log can't be reached.
"""

from autodev.sandbox.audit.engine import AuditedEngine
from autodev.sandbox.audit.errors import AuditError
from autodev.sandbox.audit.log import AuditLog
from autodev.sandbox.audit.tenant import on_behalf_of
from autodev.sandbox.audit.verify import Break, Verification, verify

__all__ = ["AuditError", "AuditLog", "AuditedEngine", "Break", "Verification", "on_behalf_of", "verify"]
