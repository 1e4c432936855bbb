"""A value from its text: literals, and what `repr` writes where Python has no literal. Nothing is evaluated."""

from __future__ import annotations

import ast
import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

ACCEPTED: Final = (
    "read are literals, nan, inf, and set(…), frozenset(…), tuple(…), list(…), dict(…), float('inf'), bytearray(…), "
    "range(…), complex(…), Decimal(…), Fraction(…), UUID(…), date(…), time(…), datetime(…), timedelta(…) of such; "
    "nothing else is evaluated"
)


class LiteralError(ValueError):
    """The text is no value; the message names the part that is none."""


def parsed(text: str) -> ast.expr:
    """Raises LiteralError: it is no expression."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise LiteralError(f"no Python: {error}") from None


def value(node: ast.expr) -> object:
    """Raises LiteralError."""
    try:
        return _value(node)
    except LiteralError:
        raise
    except (ValueError, TypeError, ArithmeticError, RecursionError, MemoryError) as error:
        raise LiteralError(f"{_shown(node)} has no value: {error}") from None


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=constant) if constant is not ...:
            return constant
        case ast.List(elts=items):
            return [_value(item) for item in items]
        case ast.Tuple(elts=items):
            return tuple(_value(item) for item in items)
        case ast.Set(elts=items):
            return {_value(item) for item in items}
        case ast.Dict(keys=keys, values=items) if None not in keys:
            return {_value(key): _value(item) for key, item in zip(keys, items, strict=True) if key is not None}
        case ast.UnaryOp() | ast.BinOp():
            return _signed(node)
    return _named(node)


def _signed(node: ast.UnaryOp | ast.BinOp) -> Any:
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return +_number(operand)
        case ast.BinOp(left=left, op=ast.Add(), right=ast.Constant(value=complex() as imaginary)):
            return _number(left) + imaginary
        case ast.BinOp(left=left, op=ast.Sub(), right=ast.Constant(value=complex() as imaginary)):
            return _number(left) - imaginary
    raise LiteralError(f"{_shown(node)} is no literal")


def _named(node: ast.expr) -> Any:
    match node:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="math"), attr=name) if name in _NAMED:
            return _NAMED[name]
        case ast.Call(func=called, args=args, keywords=keywords) if (make := _MAKES.get(_called(called))) is not None:
            named = {keyword.arg: _value(keyword.value) for keyword in keywords if keyword.arg is not None}
            if len(named) == len(keywords):
                return make(*map(_value, args), **named)
    raise LiteralError(f"{_shown(node)} is no literal")


def _number(node: ast.expr) -> Any:
    number = _value(node)
    if type(number) not in (int, float, complex, Decimal, Fraction):
        raise LiteralError(f"{_shown(node)} is no number")
    return number


def _called(node: ast.expr) -> str:
    """`Decimal` for `decimal.Decimal` too."""
    name = ast.unparse(node)
    return name.rpartition(".")[2] if name.rpartition(".")[0] in _MODULES else name


def _shown(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _of(kind: type) -> Callable[..., Any]:
    """A collection of what a collection or a string holds: a range could hold more than memory does."""

    def make(*items: Any, **named: Any) -> Any:
        if any(not isinstance(each, list | tuple | set | frozenset | dict | str | bytes) for each in items):
            raise LiteralError(f"{kind.__name__}(…) takes a list, a tuple, a set, a dictionary or text here")
        return kind(*items, **named)

    return make


def _fraction(*numbers: int) -> Fraction:
    if any(type(number) is not int for number in numbers):
        raise LiteralError("Fraction(…) takes whole numbers here")
    return Fraction(*numbers)


def _float(given: Any = 0.0) -> float:
    return float(given)


_SHOWN: Final = 80
_MODULES: Final = ("collections", "datetime", "decimal", "fractions", "uuid")
_NAMED: Final = {"nan": float("nan"), "inf": float("inf")}
_MAKES: Final[Mapping[str, Callable[..., Any]]] = {
    **{kind.__name__: _of(kind) for kind in (list, tuple, set, frozenset, dict, bytearray)},
    **{kind.__name__: kind for kind in (range, complex, dt.date, dt.time, dt.timedelta)},
    "datetime": dt.datetime,
    "float": _float,
    "Decimal": Decimal,
    "Fraction": _fraction,
    "UUID": uuid.UUID,
}
