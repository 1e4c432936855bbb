"""Strategies for JSON as hostile senders write it."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from autodev.values import tags

HOSTILE_TEXTS = (
    "",
    " ",
    "\x00",
    "a\nb",
    "\x1b[31mred\x1b[0m",
    "\ud800",
    "\u202e",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "'; DROP TABLE episode; --",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "%s%n",
    "x" * 5_000,
    "1",
    "true",
    "NaN",
    "2026-11-22T12:00:00",
    "9999-12-31T23:59:59-23:59",
    "0000-00-00T00:00:00Z",
)
HOSTILE_NUMBERS = (0, -0.0, -1, 1.5, True, 2**31, 2**53 + 1, 2**64, 10**400, float("inf"), float("nan"), 1e308)
TAGS = (*(value for value in vars(tags).values() if isinstance(value, str) and value.startswith("$")), "$nothing")


def any_json() -> st.SearchStrategy[Any]:
    """Values that `json.dumps` writes, with what JSON does not have (NaN, lone surrogates) among them."""
    texts = st.sampled_from(HOSTILE_TEXTS) | st.text(max_size=20)
    leaves = st.none() | st.sampled_from(HOSTILE_NUMBERS) | st.integers() | st.floats() | texts
    keys = texts | st.sampled_from(TAGS)
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(keys, inner, max_size=4)
            | st.tuples(st.sampled_from(TAGS), inner).map(lambda pair: {pair[0]: pair[1]})
        ),
        max_leaves=12,
    )


def mutated(whole: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """`whole` with one field replaced, or one added."""
    fields = st.sampled_from(
        [*whole, "metadata", "occurred_at", "call", "expected", "skill", "executions", "added_later"]
    )
    return st.tuples(fields, any_json()).map(lambda change: whole | {change[0]: change[1]})
