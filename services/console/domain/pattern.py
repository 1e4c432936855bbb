"""A pattern: failures alike, counted in windows, whether or not they became a case."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from autodev.events.models.failure import FailureWindowed, LearningRequested
from autodev.ids import CaseId
from services.console.domain.document import Document, Fact

WINDOWS_KEPT: Final = 288
"""A day of windows of five minutes."""


class Window(Fact):
    start: datetime
    end: datetime
    count: int
    revision: int


class Trigger(Fact):
    """The threshold was crossed."""

    at: datetime
    count: int
    within_seconds: int
    first_failure_at: datetime
    last_failure_at: datetime


class Pattern(Document):
    case_id: CaseId
    windows: tuple[Window, ...] = ()
    """By start, the last `WINDOWS_KEPT`."""
    trigger: Trigger | None = None

    @property
    def key(self) -> str:
        return self.case_id

    def windowed(self, data: FailureWindowed) -> Pattern:
        """With that window; a higher revision replaces a lower one."""
        window = Window(start=data.window_start, end=data.window_end, count=data.count, revision=data.revision)
        by_start = {known.start: known for known in self.windows}
        known = by_start.get(window.start)
        if known is None or window.revision >= known.revision:
            by_start[window.start] = window
        windows = tuple(by_start[start] for start in sorted(by_start))
        return self.model_copy(update={"windows": windows[-WINDOWS_KEPT:]})

    def triggered(self, at: datetime, data: LearningRequested) -> Pattern:
        """With that trigger, whatever its clock says: those of a case are on one partition, in their order."""
        trigger = Trigger(
            at=at,
            count=data.count,
            within_seconds=data.within_seconds,
            first_failure_at=data.first_failure_at,
            last_failure_at=data.last_failure_at,
        )
        return self.model_copy(update={"trigger": trigger})
