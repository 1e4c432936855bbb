"""Whose a letter is, as far as it can be told."""

from __future__ import annotations

import pytest

from tests.unit.dead_letters.letters import letter

LEARNING = "learning.candidates.scored.v1"


@pytest.mark.parametrize(
    ("key", "value", "tenant"),
    [
        (b"globex/planner", b'{"tenant_id": "acme"}', "acme"),
        (b"globex/planner", b"{not json", "globex"),
        (b"globex/planner", b'{"tenant_id": ["acme"]}', "globex"),
        (b"globex/planner", b'{"tenant_id": "a/b"}', "globex"),
        (b"globex/planner", b"[1]", "globex"),
        (b"globex/planner", b"[" * 100_000, "globex"),
        (b"globex", None, "globex"),
        (None, b'{"specversion": "1.0", "data": {"tenant_id": "acme"}}', "acme"),
        (b"\xff/planner", b"{}", None),
        (b"\x00", b"\x00", None),
        (b"", b"", None),
        (None, None, None),
    ],
)
def test_the_data_name_the_tenant_and_else_the_key(key: bytes | None, value: bytes | None, tenant: str | None) -> None:
    assert letter(key=key, value=value).tenant == tenant


def test_a_key_that_holds_a_case_names_no_tenant() -> None:
    assert letter("fitness", topic=LEARNING, key=b"acme/planner", value=b"{}").tenant is None
