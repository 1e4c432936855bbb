"""Settings of the analysis service, beside those that all services have."""

from __future__ import annotations

from pydantic import BaseModel, Field

from autodev.service.settings import ServiceSettings
from services.analysis.domain.windows import Windowing


class WindowSettings(BaseModel):
    """``AUTODEV_ANALYSIS__WINDOW_SECONDS`` and so on. All are seconds of event time."""

    window_seconds: int = Field(300, ge=1, le=86_400)
    grace_seconds: int = Field(30, ge=0, le=86_400)
    """How long past its end a window waits for late failures before it is told."""
    retention_seconds: int = Field(7 * 86_400, ge=0)
    """How long past its end a told window is still revised."""
    skip_lost_records: bool = False
    """Go on past records that Kafka's retention deleted before they were read, instead of stopping."""

    def windowing(self) -> Windowing:
        return Windowing(self.window_seconds, self.grace_seconds, self.retention_seconds)


class AnalysisSettings(ServiceSettings):
    analysis: WindowSettings = WindowSettings()
