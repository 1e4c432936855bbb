"""A condition's SQL says nothing of how many values it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Text, column
from sqlalchemy.dialects import postgresql

from autodev.service.conditions import are_among, is_among

TENANT, KEY = column("tenant", Text), column("key", Text)


def one_column(number: int) -> ColumnElement[bool]:
    return is_among(KEY, [f"key-{each}" for each in range(number)])


def two_columns(number: int) -> ColumnElement[bool]:
    return are_among([TENANT, KEY], [("acme", f"key-{each}") for each in range(number)])


@pytest.mark.parametrize("condition", [one_column, two_columns])
@pytest.mark.parametrize("number", [0, 2, 300])
def test_any_number_of_values_makes_the_same_statement(
    condition: Callable[[int], ColumnElement[Any]], number: int
) -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    assert str(condition(number).compile(dialect=dialect)) == str(condition(1).compile(dialect=dialect))
