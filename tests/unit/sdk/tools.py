"""Skills as an agent would define them: at the top level of a module, without `assert`, which pytest rewrites."""

from __future__ import annotations

import asyncio
from typing import Any

import autodev


@autodev.skill
def ratio(row: dict[str, Any]) -> float:
    return float(row["distance"]) / float(row["hours"])


@autodev.skill
def half(number: float, *, of: float = 1.0) -> float:
    return _divided(number * of)


def _divided(number: float) -> float:
    if number < 0:
        raise ValueError(f"{number} is negative")
    return number / 2


@autodev.skill
def spoiling(row: dict[str, Any], seen: list[int]) -> None:
    """Changes its arguments, and then fails."""
    row.clear()
    seen.append(99)
    raise KeyError("distance")


@autodev.skill
async def waiting(number: int) -> float:
    await asyncio.sleep(0)
    return 10 / number


def is_positive(result: float, number: float) -> bool:
    return result > 0


@autodev.skill(ensures=is_positive)
def doubled(number: float) -> float:
    return number * 2


def asserts_it_is_small(result: float, number: float) -> bool:
    if result >= 100:
        raise AssertionError("100 or more")
    return True


@autodev.skill(name="tripled-v2", ensures=asserts_it_is_small)
def tripled(number: float) -> float:
    return number * 3


def broken(result: object, number: float) -> bool:
    raise LookupError("the check itself is wrong")


@autodev.skill(ensures=broken)
def unchecked(number: float) -> float:
    return number


@autodev.skill
def identity(value: Any) -> Any:
    return value


@autodev.skill
def raising(error: BaseException) -> None:
    raise error


@autodev.skill
async def raising_later(error: BaseException) -> None:
    await asyncio.sleep(0)
    raise error


OFFSET = 100


@autodev.skill
def shifted(number: int, by: int = OFFSET) -> int:
    return number + by + _step()


def _step() -> int:
    return 1


@autodev.skill
def collect(*args: Any, **kwargs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    return args, kwargs


def exits(result: object, number: float) -> bool:
    raise SystemExit(3)


@autodev.skill(ensures=exits)
def exiting(number: float) -> float:
    return number


@autodev.skill
def endless(number: int) -> int:
    return endless(number + 1)
