"""An index that a sequence doesn't reach."""

from collections.abc import Iterator
from dataclasses import replace

import libcst as cst

from autodev.repair.diagnosis.check import Check, beyond_check, falsy_check, short_check
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.observation import observed
from autodev.repair.diagnosis.suspect import Evidence, Suspect, evidence, singled_out
from autodev.repair.source.calls import callee_name
from autodev.repair.source.changes import Stage
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.gathering import source_of_emptiness
from autodev.repair.source.rendering import rendered


def diagnose(fault: Fault) -> Iterator[Suspect]:
    """The statement's lookups by position, and `pop`s; certain where a recorded sequence was too short."""
    if fault.error_name != "IndexError":
        return
    found = [indexed for node in fault.site.nodes if (indexed := _indexed(fault, node)) is not None]
    certainties = singled_out([proof for _, proof in found])
    for (suspect, _), certain in zip(found, certainties, strict=True):
        yield replace(suspect, certain=certain)


def _indexed(fault: Fault, node: cst.CSTNode) -> tuple[Suspect, Evidence] | None:
    operand: cst.BaseExpression
    match node:
        case cst.Subscript(value=container, slice=[cst.SubscriptElement(slice=cst.Index(value=index))]):
            needed, operand = _needed(index), node
            checks = _checks(fault.function, container, index, needed)
        case cst.Call(func=cst.Attribute(value=container)) if callee_name(node) in ("pop", "popleft"):
            needed, operand = 1, container
            text = rendered(fault.function, container)
            checks = () if text is None else (falsy_check(text),)
        case _:
            return None
    if not checks:
        return None
    proof = Evidence.UNKNOWN
    if needed is not None:
        proof = evidence(observed(fault, container), lambda value: _is_shorter(value, needed))
    return Suspect("index", node, operand, checks, Stage.EXISTENCE), proof


def _checks(
    function: FunctionSource, container: cst.BaseExpression, index: cst.BaseExpression, needed: int | None
) -> tuple[Check, ...]:
    if isinstance(index, cst.SimpleString | cst.FormattedString):
        return ()
    if needed == 1:
        container = source_of_emptiness(container)
    container_text, index_text = rendered(function, container), rendered(function, index)
    if container_text is None or index_text is None:
        return ()
    if needed is None:
        return (beyond_check(index_text, container_text), falsy_check(container_text, 0.1))
    return (short_check(container_text, needed),)


def _needed(index: cst.BaseExpression) -> int | None:
    """How many elements a constant index needs; None for one that is computed."""
    match index:
        case cst.Integer():
            return index.evaluated_value + 1
        case cst.UnaryOperation(operator=cst.Minus(), expression=cst.Integer() as number):
            return number.evaluated_value
    return None


def _is_shorter(value: object, needed: int) -> bool:
    return isinstance(value, list | tuple | str) and len(value) < needed
