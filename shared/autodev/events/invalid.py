"""What every reader of records raises."""

from __future__ import annotations


class InvalidRecordError(ValueError):
    """A record that is no event of ours. `field` says where, `reason` what is wrong with it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
