"""Identifiers: distinct types, so that a tenant is never passed for an agent, and how they are born.

UUIDv7 where an event is born; UUIDv5 of the cause where one is derived, so that a redelivery or a replay of the
cause makes the same event again (docs/architecture.md, "Delivery").
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Final, NewType

from pydantic import StringConstraints
from uuid_utils import UUID, uuid5, uuid7

TenantId = NewType("TenantId", str)
AgentId = NewType("AgentId", str)
SkillName = NewType("SkillName", str)
EpisodeId = NewType("EpisodeId", str)
EventId = NewType("EventId", str)
CaseId = NewType("CaseId", str)
CandidateId = NewType("CandidateId", str)
CallId = NewType("CallId", str)
Sha256 = NewType("Sha256", str)

NAME: Final = r"[A-Za-z0-9_][A-Za-z0-9._:@+-]{0,127}"
"""A part of a record key: "/" joins them, so none may hold one."""
IDENTIFIER: Final = r"[!-~]{1,128}"

_NAME = StringConstraints(pattern=f"^{NAME}$")
_TOKEN = StringConstraints(min_length=1, max_length=128, pattern=r"^[!-~]+$")
_DIGEST = StringConstraints(pattern=r"^[0-9a-f]{64}$")

TenantField = Annotated[TenantId, _NAME]
AgentField = Annotated[AgentId, _NAME]
SkillField = Annotated[SkillName, _NAME]
EpisodeField = Annotated[EpisodeId, _TOKEN]
EventField = Annotated[EventId, _TOKEN]
CaseField = Annotated[CaseId, _TOKEN]
CandidateField = Annotated[CandidateId, _TOKEN]
CallField = Annotated[CallId, _TOKEN]
Sha256Field = Annotated[Sha256, _DIGEST]

_NAMESPACE: Final = UUID("5f0c1e9e-4f0e-5b7a-9d55-0a6d2f7c3b11")


def new_event_id() -> EventId:
    """A fresh id for an event that nothing else caused; ids of one process sort by time."""
    return EventId(str(uuid7()))


def derived_id(*parts: str | int) -> str:
    """The UUIDv5 of `parts`: the same parts give the same id, on every machine and in every replay."""
    return str(uuid5(_NAMESPACE, "\x1f".join(map(str, parts))))


def derived_event_id(source: str, cause: EventId, event_type: str, index: int) -> EventId:
    """The id of the `index`-th event of `event_type` that handling `cause` of `source` gives rise to.

    An id is unique within its source only: without it, whoever copies an id could suppress what follows from another's.
    """
    return EventId(derived_id("event", source, cause, event_type, index))


def case_id(tenant: TenantId, agent: AgentId, signature: str) -> CaseId:
    """The one case of a tenant, an agent and a failure signature; a failure that comes back reopens it."""
    return CaseId(derived_id("case", tenant, agent, signature))


def candidate_id(case: CaseId, code_hash: Sha256) -> CandidateId:
    """One program is one candidate of a case, however often it is proposed."""
    return CandidateId(derived_id("candidate", case, code_hash))


def sha256(text: str) -> Sha256:
    """Content hash of a source text, over its UTF-8 bytes."""
    return Sha256(hashlib.sha256(text.encode()).hexdigest())
