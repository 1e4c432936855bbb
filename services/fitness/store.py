"""Skills' promoted versions, candidates that asked for promotion, and agents' maturity."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from sqlalchemy import or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from autodev.ids import AgentId, CandidateId, Sha256, SkillName, TenantId
from services.fitness.domain.candidate import REFUSED, CandidateState, ValidatedCandidate
from services.fitness.domain.choose import Obstacle
from services.fitness.tables import candidate, skill

_AGENTS = zlib.crc32(b"autodev fitness agent") & 0x7FFFFFFF
_SKILLS = zlib.crc32(b"autodev fitness skill") & 0x7FFFFFFF


@dataclass(frozen=True, slots=True)
class PromotedSkill:
    """What agents of a tenant load for a skill; `code_hash` is None while nothing is promoted."""

    promotions: int = 0
    code_hash: Sha256 | None = None
    function_hash: Sha256 | None = None
    candidate_id: CandidateId | None = None

    def base_of(self, function_hash: Sha256) -> Sha256 | None:
        """The version that an agent with that original runs: none if its author has changed the function since."""
        return self.code_hash if self.function_hash == function_hash else None


async def lock_agent(connection: AsyncConnection, tenant: TenantId, agent: AgentId) -> None:
    """Hold the agent's maturity to the end of the transaction, before any of its skills.

    A grant and a candidate come on different topics; without it each could miss what the other is about to commit.
    """
    await _lock(connection, _AGENTS, f"{tenant}/{agent}")


async def lock_skill(connection: AsyncConnection, tenant: TenantId, name: SkillName) -> None:
    """Hold the skill to the end of the transaction: promotions of one skill are decided one after another."""
    await _lock(connection, _SKILLS, f"{tenant}/{name}")


async def _lock(connection: AsyncConnection, space: int, what: str) -> None:
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(:space, :what)"),
        {"space": space, "what": zlib.crc32(what.encode()) - 2**31},
    )


async def promoted(connection: AsyncConnection, tenant: TenantId, name: SkillName) -> PromotedSkill:
    found = await connection.execute(
        select(skill.c.promotions, skill.c.code_hash, skill.c.function_hash, skill.c.candidate_id).where(
            skill.c.tenant_id == tenant, skill.c.skill_name == name
        )
    )
    row = found.one_or_none()
    return PromotedSkill(*row) if row is not None else PromotedSkill()


async def set_promoted(connection: AsyncConnection, tenant: TenantId, name: SkillName, now: PromotedSkill) -> None:
    values = {
        "promotions": now.promotions,
        "code_hash": now.code_hash,
        "function_hash": now.function_hash,
        "candidate_id": now.candidate_id,
    }
    statement = insert(skill).values(tenant_id=tenant, skill_name=name, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "skill_name"], set_=values))


async def find(
    connection: AsyncConnection, tenant: TenantId, wanted: CandidateId
) -> tuple[ValidatedCandidate, CandidateState] | None:
    found = await connection.execute(
        select(candidate.c.payload, candidate.c.state).where(
            candidate.c.tenant_id == tenant, candidate.c.candidate_id == wanted
        )
    )
    row = found.one_or_none()
    return (ValidatedCandidate.model_validate_json(row.payload), CandidateState(row.state)) if row is not None else None


async def version_before(connection: AsyncConnection, item: ValidatedCandidate) -> ValidatedCandidate | None:
    """What the promoted `item` took the place of, if it may run again: nobody withdrew, rejected or refuted it."""
    name = item.skill.name
    if item.base_promoted is None or item.base_promoted in await refused(connection, item.tenant_id, name):
        return None
    found = await connection.execute(
        select(candidate.c.payload)
        .where(
            candidate.c.tenant_id == item.tenant_id,
            candidate.c.skill_name == name,
            candidate.c.code_hash == item.base_promoted,
            candidate.c.state == CandidateState.PROMOTED.value,
        )
        .order_by(candidate.c.candidate_id)
    )
    earlier = [ValidatedCandidate.model_validate_json(payload) for payload in found.scalars()]
    return next((each for each in earlier if each.skill.function_hash == item.skill.function_hash), None)


async def held_up_by_maturity(
    connection: AsyncConnection, tenant: TenantId, agent: AgentId
) -> list[ValidatedCandidate]:
    """The agent's candidates that wait for a person for no other reason than its maturity, oldest failure first."""
    found = await connection.execute(
        select(candidate.c.payload).where(
            candidate.c.tenant_id == tenant,
            candidate.c.agent_id == agent,
            candidate.c.state == CandidateState.VALIDATED.value,
            candidate.c.obstacle == Obstacle.MATURITY.value,
        )
    )
    waiting = [ValidatedCandidate.model_validate_json(payload) for payload in found.scalars()]
    return sorted(waiting, key=lambda each: (each.first_failure_at, each.candidate_id))


async def save(
    connection: AsyncConnection,
    item: ValidatedCandidate,
    state: CandidateState,
    decided_by: str | None = None,
    obstacle: Obstacle | None = None,
) -> None:
    values = {
        "state": state.value,
        "decided_by": decided_by,
        "obstacle": obstacle.value if obstacle else None,
        "payload": item.model_dump_json().encode(),
    }
    statement = insert(candidate).values(
        tenant_id=item.tenant_id,
        candidate_id=item.candidate_id,
        agent_id=item.agent_id,
        skill_name=item.skill.name,
        code_hash=item.code_hash,
        **values,
    )
    await connection.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "candidate_id"], set_=values))


async def mark(connection: AsyncConnection, item: ValidatedCandidate, state: CandidateState, decided_by: str) -> None:
    """Note what someone's word made of the candidate; why it needed a person stays on record."""
    await connection.execute(
        update(candidate)
        .where(candidate.c.tenant_id == item.tenant_id, candidate.c.candidate_id == item.candidate_id)
        .values(state=state.value, decided_by=decided_by)
    )


async def refused(connection: AsyncConnection, tenant: TenantId, name: SkillName) -> frozenset[Sha256]:
    """Code hashes of the skill's versions that someone withdrew or rejected, and nobody has promoted since."""
    found = await connection.execute(
        select(candidate.c.code_hash).where(
            candidate.c.tenant_id == tenant,
            candidate.c.skill_name == name,
            or_(
                candidate.c.state.in_([state.value for state in REFUSED]),
                candidate.c.obstacle == Obstacle.REFUSED_BEFORE.value,
            ),
        )
    )
    return frozenset(Sha256(code_hash) for code_hash in found.scalars())
