"""The capability gate: who may learn. Fail closed, and always with the reason and the way out."""

from __future__ import annotations

from typing import Final

from autodev.events.models.workspace import AutoDevSettings, Capability, Maturity
from autodev.ids import AgentId, TenantId

CAPABILITY_GATES: Final = {
    Capability.MEMENTO_SKILLS: Maturity.INTERN,
    Capability.ALPHA_EVOLVER: Maturity.SUPERVISED,
    Capability.BACKGROUND_EVOLUTION: Maturity.AUTONOMOUS,
}


def refusal(tenant: TenantId, agent: AgentId, settings: AutoDevSettings, maturity: Maturity) -> str | None:
    """Why Memento may not work for this agent; None if it may."""
    if not settings.enabled:
        return f"auto_dev is off for {tenant}: autodev workspace set enabled=true --tenant {tenant}"
    if not settings.memento_skills:
        return f"memento_skills is off for {tenant}: autodev workspace set memento_skills=true --tenant {tenant}"
    needed = CAPABILITY_GATES[Capability.MEMENTO_SKILLS]
    if maturity.at_least(needed):
        return None
    way_out = f"autodev agents grant {agent} {needed} --tenant {tenant}"
    return f"agent {agent} is {maturity}, memento_skills needs {needed}: {way_out}"
