"""Memento: repairs by rule what real calls raise on missing or odd values."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from autodev.repair import Edit, RepairError, Target, propose
from services.proposals.engines.engine import SearchRequest

AT_ONCE = 8
"""In one generation: what rules are surest of, before a search has its turn."""
log = structlog.get_logger(__name__)


class MementoEngine:
    name = "memento"

    def propose(self, request: SearchRequest) -> Sequence[Edit]:
        target = Target(request.module_source, request.entrypoint)
        try:
            return propose(target, request.failures, known=request.known, limit=min(request.limit, AT_ONCE))
        except RepairError as error:
            log.info("nothing_to_propose", entrypoint=request.entrypoint, reason=str(error))
            return ()
