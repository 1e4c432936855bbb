"""Which letters a filter means."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from autodev.dead_letters.filtering import Filter
from tests.unit.dead_letters.letters import FAILED_AT, ORIGIN, forged, letter

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("by", "matches"),
    [
        ({}, True),
        ({"topics": {ORIGIN.topic}}, True),
        ({"topics": {"another"}}, False),
        ({"tenant": "acme"}, True),
        ({"tenant": "globex"}, False),
        ({"error_class": "handler"}, True),
        ({"error_class": "invalid"}, False),
        ({"contains": "acme/pl"}, True),
        ({"contains": '"tenant_id"'}, True),
        ({"contains": "odd"}, True),
        ({"contains": "even"}, False),
        ({"since": FAILED_AT}, True),
        ({"since": FAILED_AT + SECOND}, False),
        ({"until": FAILED_AT}, False),
        ({"until": FAILED_AT + SECOND}, True),
        ({"tenant": "acme", "error_class": "invalid"}, False),
    ],
)
def test_a_letter_matches_if_all_that_is_asked_for_is_so(by: dict[str, Any], *, matches: bool) -> None:
    assert Filter(**by).matches(letter()) is matches


def test_a_letter_from_nowhere_is_of_no_topic() -> None:
    found = forged(dlq_original_topic=None)
    assert Filter().matches(found)
    assert not Filter(topics=frozenset({ORIGIN.topic})).matches(found)


def test_bytes_are_found_that_are_no_text() -> None:
    assert Filter(contains="\udcff").matches(letter(value=b"\x00\xff"))


def test_a_letter_without_key_and_value_contains_nothing() -> None:
    assert not Filter(contains="acme").matches(letter(key=None, value=None))
