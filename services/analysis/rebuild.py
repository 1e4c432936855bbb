"""How this service's tables are made again from its topics."""

from __future__ import annotations

from autodev.events.catalogue import FAILURE_LATE, FAILURE_WINDOWED, LEARNING_REQUESTED
from autodev.rebuild.recipe import Recipe
from services.analysis.handlers import PartitionFold, check
from services.analysis.settings import AnalysisSettings
from services.analysis.tables import metadata


def recipe() -> Recipe:
    """With the windows that are configured now: they have to be those of the run that is made again."""
    windowing = AnalysisSettings().analysis.windowing()
    return Recipe(
        service="analysis",
        tables=metadata,
        writes=frozenset({FAILURE_WINDOWED, FAILURE_LATE, LEARNING_REQUESTED}),
        handler=lambda partition: PartitionFold(partition.number, windowing),
        check=check,
    )
