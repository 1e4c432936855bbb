"""Secrets leave what agents report."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingestion.domain.scrubbing import scrub
from services.ingestion.domain.secrets import SCRUBBED, scrub_text

SECRETS = {
    "cloud key": "AKIAIOSFODNN7EXAMPLE",
    "hub token": "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "model key": "sk-abcdefghijklmnopqrstuvwx",
    "our own key": "ad_0123456789abcdef_0123456789abcdef",
    "web token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijk",
    "private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_a_secret_is_replaced_wherever_it_stands(secret: str) -> None:
    scrubbed = scrub({"call": [{"note": f"used {secret} today"}]})
    assert secret not in str(scrubbed)
    assert scrubbed["call"][0]["note"] == f"used {SCRUBBED} today"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Authorization: Bearer abcdef0123456789", "Bearer "),
        ("postgresql://app:hunter22@db/x", "postgresql://app:"),
        ("password=hunter22&user=ann", "password="),
        ('{"api_key": "abcd1234"}', "api_key"),
    ],
)
def test_what_introduces_a_secret_stays_readable(text: str, kept: str) -> None:
    scrubbed = scrub_text(text)
    assert SCRUBBED in scrubbed
    assert kept in scrubbed


@pytest.mark.parametrize("name", ["password", "API_KEY", "db_password", "X-Auth-Token", "client.secret"])
def test_a_value_is_scrubbed_by_its_name(name: str) -> None:
    assert scrub({name: "plain words", "other": "plain words"}) == {name: SCRUBBED, "other": "plain words"}


@pytest.mark.parametrize(
    "ordinary", ["NA", "tokenize the text", "N14228", "2013-01-01T10:00:00Z", "secretary", "key error"]
)
def test_ordinary_text_stays_as_it_is(ordinary: str) -> None:
    assert scrub({"value": ordinary, "tokens": 5}) == {"value": ordinary, "tokens": 5}


@pytest.mark.parametrize("text", ["token=1234", "secret=abcd", "a://:b@"])
def test_the_shortest_secrets_are_found(text: str) -> None:
    assert SCRUBBED in scrub_text(text)


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_data_without_text_is_never_changed(value: Any) -> None:
    assert scrub(value) == value


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ["a.", "eyJ-", "eyJaaaaaaaa.", "a://", "a://a:", "sk-", "password=", "Bearer ", "-----BEGIN KEY-----"]
)
def test_a_hostile_text_of_a_mebibyte_costs_no_more_than_a_harmless_one(piece: str) -> None:
    scrub_text(piece * (2**20 // len(piece)))


@given(st.integers(2, 300))
def test_a_text_that_had_room_in_its_field_has_room_there_afterwards(count: int) -> None:
    text = "token=abcd " * count
    scrubbed = scrub_text(text)
    assert "abcd" not in scrubbed
    assert len(scrubbed) <= max(len(text), 200)
