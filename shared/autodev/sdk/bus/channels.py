"""The kinds of events that handlers are registered for."""

from __future__ import annotations

from enum import Enum


class Channel(Enum):
    TASK_FAIL = "task_fail"
    """A task that failed, wholly or in part."""
    TASK_SUCCESS = "task_success"
    SKILL_EXECUTION = "skill_execution"
    """A skill that ran, whatever came of it."""
