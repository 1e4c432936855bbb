"""How this service's tables are made again from its topics."""

from __future__ import annotations

from autodev.events.catalogue import APPROVAL_REQUESTED, CANDIDATES_SCORED, SKILL_PROMOTED, SKILL_WITHDRAWN
from autodev.rebuild.recipe import Recipe
from services.fitness.handlers import handle
from services.fitness.tables import metadata


def recipe() -> Recipe:
    return Recipe(
        service="fitness",
        tables=metadata,
        writes=frozenset({CANDIDATES_SCORED, APPROVAL_REQUESTED, SKILL_PROMOTED, SKILL_WITHDRAWN}),
        handler=lambda _partition: handle,
    )
