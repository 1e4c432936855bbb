"""Asking the gate about a generation before an isolation is used."""

from __future__ import annotations

import asyncio

import structlog
from pydantic import BaseModel

from autodev.events.models.search import Generation
from autodev.sandbox import Policy
from autodev.sandbox.gate import GateProcess, Safety
from autodev.telemetry.metrics import SANDBOX_REFUSALS
from services.sandbox.domain.refusals import NOTHING_KNOWN, Inspected, advice, refusal, refused, without_imports

log = structlog.get_logger(__name__)


class GateSettings(BaseModel):
    safety: Safety = Safety.MEDIUM_RISK
    """Which imports a candidate is advised against."""
    refuse_imports: bool = False
    """Whether one that has such an import is refused, too."""


class Gatekeeper:
    """Inspects in a process of its own, so that no text keeps the loop; that process ends with this one's."""

    def __init__(self, settings: GateSettings) -> None:
        self._settings = settings
        self._process = GateProcess()

    def close(self) -> None:
        self._process.close()

    async def inspect(self, generation: Generation, engine: str, policy: Policy) -> Inspected:
        """What is known of the generation's candidates. Of one that could not be inspected the isolation tells."""
        found = await asyncio.to_thread(
            self._process.inspect,
            generation.module_source,
            generation.entrypoint,
            [candidate.code for candidate in generation.candidates],
            self._settings.safety,
        )
        if found is None:
            log.warning("not_inspected", tenant=generation.tenant_id, case=generation.case_id)
            return NOTHING_KNOWN
        findings = {
            candidate.candidate_id: each if candidate.code is not None else without_imports(each)
            for candidate, each in zip(generation.candidates, found, strict=True)
        }
        reasons = {
            candidate: finding
            for candidate, each in findings.items()
            if (finding := refusal(each, imports=self._settings.refuse_imports)) is not None
        }
        for finding in reasons.values():
            SANDBOX_REFUSALS.add(1, {"reason": finding.reason})
        calls = [call.call_id for call in generation.evidence]
        return Inspected(
            {candidate: refused(finding, calls, engine, policy) for candidate, finding in reasons.items()},
            {candidate: advice(each) for candidate, each in findings.items()},
        )
