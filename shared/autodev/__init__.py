"""Agents fail; their failures become tested, scored, promoted code, handed back while they run.

    import autodev

    @autodev.skill
    def speed(flight): ...

Importing this package imports neither the event models nor the Kafka client: both come with the first report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autodev.sdk.bus.event_bus import event_bus
from autodev.sdk.hot_loading.change import VersionChange
from autodev.sdk.runtime import configure, flush, on_promotion, ready
from autodev.sdk.skills.decorator import skill
from autodev.sdk.skills.wrapping import Skill

if TYPE_CHECKING:
    from autodev.events.models.agent import Outcome, SkillExecutionEvent, TaskEvent

__all__ = [
    "Outcome",
    "Skill",
    "SkillExecutionEvent",
    "TaskEvent",
    "VersionChange",
    "configure",
    "event_bus",
    "flush",
    "on_promotion",
    "ready",
    "skill",
]

_LATER = {
    "Outcome": "autodev.events.models.agent",
    "SkillExecutionEvent": "autodev.events.models.agent",
    "TaskEvent": "autodev.events.models.agent",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_LATER[name]), name)
