"""What can be wrong with an audit log."""

from __future__ import annotations

from autodev.sandbox.errors import SandboxError


class AuditError(SandboxError):
    """A record can't be written, or a file is no audit log. The run it tells of may have happened."""
