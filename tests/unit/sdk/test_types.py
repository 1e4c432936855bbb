"""What a type checker knows of a decorated function: mypy, which reads the tests too, is the judge here.

An `ignore` that nothing needs is an error, so each one below asserts that mypy refuses its line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_type

import autodev
from autodev.testing import MemoryBus


@autodev.skill(name="typed-half")
def half(number: int, *, exact: bool = True) -> float:
    return number / 2


@autodev.skill(name="typed-text", ensures=lambda result, _number: bool(result))
async def text(number: int) -> str:
    return str(number)


async def test_a_skill_keeps_the_signature_of_its_function(bus: MemoryBus) -> None:
    assert_type(half(4, exact=False), float)
    assert_type(half.expecting(2.0)(4), float)
    assert_type(half.original(4), float)
    assert_type(half.version, str | None)
    assert_type(await text(1), str)
    assert_type(await text.expecting("1")(1), str)
    plain: Callable[[int], float] = half
    assert plain(4) == 2.0


def wrong_uses() -> None:
    """Never called."""
    half("4")  # type: ignore[arg-type]
    half(4, inexact=True)  # type: ignore[call-arg]
    half.expecting(2.0)("4")  # type: ignore[arg-type]
    half.unknown  # type: ignore[attr-defined]  # noqa: B018
    autodev.skill(nmae="x")  # type: ignore[call-overload]
