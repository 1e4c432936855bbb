"""What a TypeError says of the operands that did not fit together."""

import re
from dataclasses import dataclass

_TYPES = r"'(?P<left>\w+)' and '(?P<right>\w+)'"
_STATED = (
    re.compile(rf"operand type\(s\) for (?P<operator>\S+): {_TYPES}"),
    re.compile(rf"'(?P<operator>\S+)' not supported between instances of {_TYPES}"),
)
_CONCATENATED = re.compile(r"can only concatenate str \(not \"(?P<right>\w+)\"\) to str")
_REPEATED = re.compile(r"can't multiply sequence by non-int of type '(?P<right>\w+)'")


@dataclass(frozen=True, slots=True)
class OperandTypes:
    """The operator and the types on its two sides, by the names that the message gives them."""

    operator: str
    left: str
    right: str


def stated_operand_types(message: str) -> OperandTypes | None:
    """None for messages about anything else."""
    for pattern in _STATED:
        if found := pattern.search(message):
            return OperandTypes(found["operator"], found["left"], found["right"])
    if found := _CONCATENATED.search(message):
        return OperandTypes("+", "str", found["right"])
    if found := _REPEATED.search(message):
        return OperandTypes("*", "str", found["right"])
    return None
