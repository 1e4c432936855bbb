"""Failures with words only: which pattern they belong to.

Similar means that the lower-cased word sets overlap by at least a half, |A∩B| / max(|A|, |B|). That is no
equivalence, so the patterns of an agent are led by the first failure of each, and a failure joins its nearest leader.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

from autodev.ids import AgentId, CaseId, TenantId, case_id

ENOUGH_OVERLAP: Final = 0.5
MAX_LEADERS: Final = 200
"""Per agent. The one that was not joined for longest gives way; its words would found the same pattern again."""
MAX_WORDS: Final = 64
"""Of a description, the first ones: what an agent writes must not make each comparison costly."""


@dataclass(frozen=True, slots=True)
class Leader:
    tenant: TenantId
    agent: AgentId
    case: CaseId
    signature: str
    words: frozenset[str]
    founded: int
    """Ordinals of assignments of this agent, as is `used`."""
    used: int


@dataclass(frozen=True, slots=True)
class Assignment:
    leader: Leader
    displaced: Leader | None = None


def words_of(description: str) -> frozenset[str]:
    return frozenset(list(dict.fromkeys(description.lower().split()))[:MAX_WORDS])


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 to 1; two empty sets are equal."""
    longer = max(len(one), len(other))
    return len(one & other) / longer if longer else 1.0


def assign(leaders: Collection[Leader], tenant: TenantId, agent: AgentId, words: frozenset[str]) -> Assignment:
    """The leader of `words` among one agent's `leaders`, a new one if none is near; ties go to the older."""
    ordinal = 1 + max((leader.used for leader in leaders), default=0)
    nearest = _nearest(leaders, words)
    if nearest is not None:
        return Assignment(replace(nearest, used=ordinal))
    signature = _signature(words)
    founded = Leader(tenant, agent, case_id(tenant, agent, signature), signature, words, ordinal, ordinal)
    full = len(leaders) >= MAX_LEADERS
    return Assignment(founded, min(leaders, key=lambda leader: leader.used) if full else None)


def _nearest(leaders: Iterable[Leader], words: frozenset[str]) -> Leader | None:
    best, best_overlap = None, 0.0
    for leader in leaders:
        shared = overlap(leader.words, words)
        older = best is not None and shared == best_overlap and leader.founded < best.founded
        if shared >= ENOUGH_OVERLAP and (shared > best_overlap or older):
            best, best_overlap = leader, shared
    return best


def _signature(words: frozenset[str]) -> str:
    digest = hashlib.sha256(" ".join(sorted(words)).encode("utf-8", "backslashreplace"))
    return f"words:{digest.hexdigest()[:16]}"
