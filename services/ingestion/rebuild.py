"""How this service's tables are made again from its topics."""

from __future__ import annotations

from autodev.events.catalogue import EPISODE_RECORDED, FAILURE_BATCHED
from autodev.rebuild.recipe import Recipe
from services.ingestion.handlers import check, handle
from services.ingestion.tables import metadata


def recipe() -> Recipe:
    return Recipe(
        service="ingestion",
        tables=metadata,
        writes=frozenset({EPISODE_RECORDED, FAILURE_BATCHED}),
        handler=lambda _partition: handle,
        check=check,
    )
