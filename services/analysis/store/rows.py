"""Patterns and leaders as bytes for the column `state`.

Bytes and not jsonb: what agents write may hold characters that jsonb refuses, and one such row would stop its
partition.
"""

from __future__ import annotations

import orjson

from autodev.events.models.call import SkillRef
from services.analysis.domain.state import OpenWindow, Pattern, PatternKey
from services.analysis.domain.trigger import Bucket, Trigger
from services.analysis.domain.words import Leader


def pack_pattern(pattern: Pattern) -> bytes:
    trigger = pattern.trigger
    return orjson.dumps(
        {
            "signature": pattern.signature,
            "skill": pattern.skill.model_dump() if pattern.skill else None,
            "error_type": pattern.error_type,
            "open": pattern.open,
            "buckets": trigger.buckets,
            "requested_at": trigger.requested_at,
            "within": trigger.within,
        },
        default=tuple,  # named tuples are no tuples to orjson
    )


def unpack_pattern(key: PatternKey, state: bytes) -> Pattern:
    row = orjson.loads(state)
    return Pattern(
        key,
        signature=row["signature"],
        skill=SkillRef(**row["skill"]) if row["skill"] else None,
        error_type=row["error_type"],
        trigger=Trigger(tuple(Bucket(*bucket) for bucket in row["buckets"]), row["requested_at"], row["within"]),
        open=tuple(OpenWindow(*window) for window in row["open"]),
    )


def pack_leader(leader: Leader) -> bytes:
    return orjson.dumps(
        {
            "signature": leader.signature,
            "words": sorted(leader.words),
            "founded": leader.founded,
            "used": leader.used,
        }
    )


def unpack_leader(key: PatternKey, state: bytes) -> Leader:
    row = orjson.loads(state)
    return Leader(*key, row["signature"], frozenset(row["words"]), row["founded"], row["used"])
