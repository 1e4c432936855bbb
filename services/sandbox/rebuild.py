"""How this service's tables are made again from its topics: nothing runs a second time."""

from __future__ import annotations

from autodev.events.catalogue import CANDIDATES_EXECUTED
from autodev.rebuild.recipe import Recipe
from services.sandbox.tables import metadata


def recipe() -> Recipe:
    return Recipe(service="sandbox", tables=metadata, writes=frozenset({CANDIDATES_EXECUTED}), handler=None)
