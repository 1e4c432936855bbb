"""How this service's tables are made again from its topics."""

from __future__ import annotations

from autodev.events.catalogue import AGENT_GRANTED, APPROVAL_DECIDED, WITHDRAWAL_REQUESTED, WORKSPACE_CONFIGURED
from autodev.rebuild.recipe import Recipe
from services.console.handlers import project
from services.console.tables import commands, metadata


def recipe() -> Recipe:
    """Idempotency keys are on no topic. Without them a request sent again is decided again, under the same event id."""
    return Recipe(
        service="console",
        tables=metadata,
        writes=frozenset({APPROVAL_DECIDED, WITHDRAWAL_REQUESTED, WORKSPACE_CONFIGURED, AGENT_GRANTED}),
        handler=lambda _partition: project,
        kept=frozenset({commands.name}),
    )
