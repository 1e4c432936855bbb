"""Lines that do not link, until a record behind them tells that a crash left them."""

from __future__ import annotations

import hashlib

from autodev.sandbox.audit.chain import CUT, Line


class Unlinked:
    """They hold only if a record names their very bytes."""

    def __init__(self, line: int, reason: str, text: bytes) -> None:
        self.line = line
        self.reason = reason
        self.size = len(text)
        self._hash = hashlib.sha256(text)

    def add(self, text: bytes) -> None:
        self.size += 1 + len(text)
        self._hash.update(b"\n" + text)

    def explained_by(self, line: Line) -> bool:
        noted = (line.kind, line.fields.get("cut_bytes"), line.fields.get("cut_sha256"))
        return noted == (CUT, self.size, self._hash.hexdigest())
