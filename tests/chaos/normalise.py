"""What two runs need not agree on, each with the reason why not. All else is compared as it is."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import orjson

MEASURED: Final = frozenset({"seconds", "latency_ratio", "fitness"})
"""How long a candidate took, and what is computed from it."""
CLOCK: Final = frozenset(
    {
        "promoted_at",
        "changed_at",
        "at",
        "updated_at",
        "created_at",
        "accepted_at",
        "handled_at",
        "woken_at",
        "reserved_on",
        "day",
    }
)
"""When a service did it, by its own clock."""
BATCHING: Final = frozenset({"revision"})
"""In how many steps late failures came; what they add up to is compared."""
TOKENS: Final = frozenset({"token"})
"""Random on purpose."""
ORDINALS: Final = frozenset({"event_id"})
"""One grant starts several cases, whose events are numbered in the order in which the database gave them."""
VOLATILE: Final = MEASURED | CLOCK | BATCHING | TOKENS | ORDINALS

_BEFORE: Final = frozenset({"before_executions", "before_recurrences", "needed"})

_BY_PLACE: Final[Mapping[str, frozenset[str]]] = {
    # How many failures one poll of ingestion had when the threshold was crossed.
    "analysis.learning.requested.v1": frozenset({"count"}),
    # "3 failures within 300 s": the same count, in words.
    "learning.case.changed.v1": frozenset({"reason"}),
    # Names the best of the refused candidates, by a fitness that has its time in it.
    "learning.candidates.scored.v1": frozenset({"reason"}),
    # What the workspace had tried when a round began: of cases that begin together, who comes first knows the least.
    "proposals.search": frozenset({"experience"}),
    "console.patterns": frozenset({"trigger.count"}),
    "console.cases": frozenset({"reason"}),
}


def says_what_it_waits_for(step: Any) -> bool:
    """Of a step of a case: no step, but what it waits for. More cases of a workspace than may be searched at once want
    to begin together, and which of them waits is decided by who comes first."""
    return isinstance(step, dict) and step.get("previous") == step.get("state") == "open"


def _counted_by_chance(step: dict[Any, Any]) -> frozenset[str]:
    """What a step of a case, or the counts of one, tell that depends on how far proposals had read its other topics.

    - How many calls of the version before were counted when a version was promoted: those of the second half are still
      under way. From the first report of the version on, all are counted.
    - What was counted when the rollback came that counts had asked for: agents go on until then. The step before tells
      the counts that decided.
    """
    if step.get("executions") == 0:
        return _BEFORE
    return frozenset({"canary"}) if step.get("state") == "rolled_back" else frozenset()


def content(place: str, value: Any) -> str:
    """`value`, a row or an event's data, as text that is equal where two runs have to agree."""
    return orjson.dumps(_normal(value, VOLATILE | _BY_PLACE.get(place, frozenset())), option=_OPTIONS).decode()


def _normal(value: Any, dropped: frozenset[str], within: str = "") -> Any:
    if isinstance(value, dict):
        by_chance = _counted_by_chance(value)
        return {
            str(key): _normal(item, dropped, str(key))
            for key, item in value.items()
            if key not in dropped and f"{within}.{key}" not in dropped and key not in by_chance
        }
    if isinstance(value, (list, tuple)):
        return [_normal(item, dropped, within) for item in value if not says_what_it_waits_for(item)]
    if isinstance(value, (bytes, memoryview)):
        return _normal(_parsed(bytes(value)), dropped, within)
    return str(value) if isinstance(value, Decimal) else value


def _parsed(data: bytes) -> Any:
    """Columns of bytes hold JSON, or text."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return data.decode("utf-8", "backslashreplace")


_OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
