"""What a run comes to for one tenant, in a form that two runs can be compared by."""

from __future__ import annotations

from autodev.events.catalogue import CASE_CHANGED, SKILL_PROMOTED
from tests.e2e.failing_agent import SKILLS
from tests.e2e.installation import Installation


async def promotions(installation: Installation, tenant: str) -> list[tuple[str, str, str]]:
    """(skill, version, code), once every skill has one."""
    versions = await installation.data_of(SKILL_PROMOTED, tenant)
    found = sorted((data.skill, data.version, data.code) for data in versions)
    return found if {skill for skill, _, _ in found} == set(SKILLS) else []


async def end_states(installation: Installation, tenant: str) -> dict[str, str]:
    """Error type → the last state of its case."""
    changes = sorted(await installation.data_of(CASE_CHANGED, tenant), key=lambda data: data.changed_at)
    return {data.error_type: data.state for data in changes}
