"""What a run left behind."""

from __future__ import annotations

from dataclasses import dataclass

from tests.chaos.quiet import Ends
from tests.chaos.tables import Tables
from tests.chaos.topics import Topics


@dataclass(frozen=True)
class Run:
    topics: Topics
    tables: Tables
    ends: Ends
