"""Which partition a key belongs to: where every other client of Kafka puts it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache

from aiokafka.partitioner import murmur2


def partition_of(key: bytes | None, partitions: Sequence[int], available: Sequence[int]) -> int:
    """As Java's default partitioner. The hash is computed in Python, as long as a record takes otherwise, and an
    agent's key comes again and again: it is remembered.
    """
    if key is None:
        return random.choice(available or partitions)  # noqa: S311 - no secret
    return partitions[_hash(key) % len(partitions)]


@lru_cache(maxsize=10_000)
def _hash(key: bytes) -> int:
    return int(murmur2(key)) & 0x7FFFFFFF
