"""When a pattern has failed often enough to learn from it: a sliding count, one bucket a second."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

MAX_BUCKETS: Final = 1_000
"""A stream in order has one bucket for each second of its reach; only a disordered backlog could have more."""


class Bucket(NamedTuple):
    second: int
    failures: int
    arrived: int
    """Event time of the tenant when it was last added to. It is later than `second` for late failures, which
    therefore count for as long as punctual ones."""


class Rule(NamedTuple):
    threshold: int
    within: int
    """Reach in seconds, and the shortest time between two requests."""


class Crossing(NamedTuple):
    """The densest `within` seconds round a failure: how many failures, and the first and last second of them."""

    failures: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Trigger:
    buckets: tuple[Bucket, ...] = ()
    requested_at: int | None = None
    within: int = 0
    """Of the latest failure's rule: it decides how long this is kept."""

    @property
    def expires_at(self) -> int:
        """Event time from which nothing of this can matter any more."""
        return max((bucket.arrived for bucket in self.buckets), default=0) + self.within

    def observe(self, second: int, count: int, rule: Rule, clock: int) -> tuple[Trigger, Crossing | None]:
        """Count failures of `second`. A crossing is reported at once, then at most once in `within` seconds."""
        buckets = _added(self.buckets, second, count, rule.within, clock)
        if self.requested_at is not None and clock < self.requested_at + rule.within:
            return Trigger(buckets, self.requested_at, rule.within), None
        densest = _densest(buckets, second, rule.within)
        if densest.failures < rule.threshold:
            return Trigger(buckets, self.requested_at, rule.within), None
        return Trigger(buckets, clock, rule.within), densest


def _added(buckets: Iterable[Bucket], second: int, count: int, within: int, clock: int) -> tuple[Bucket, ...]:
    kept = {bucket.second: bucket for bucket in buckets if bucket.arrived + within > clock}
    before = kept.get(second)
    kept[second] = Bucket(second, count + (before.failures if before else 0), clock)
    if len(kept) > MAX_BUCKETS:
        oldest = min(kept.values(), key=lambda bucket: (bucket.arrived, bucket.second))
        del kept[oldest.second]
    return tuple(kept.values())


def _densest(buckets: Iterable[Bucket], second: int, within: int) -> Crossing:
    near = sorted(bucket for bucket in buckets if abs(bucket.second - second) < within)
    best, first, total = Crossing(0, second, second), 0, 0
    for bucket in near:
        total += bucket.failures
        while near[first].second <= bucket.second - within:
            total -= near[first].failures
            first += 1
        if bucket.second >= second and total > best.failures:
            best = Crossing(total, near[first].second, bucket.second)
    return best
