"""A key that a mapping doesn't have."""

import ast
from collections.abc import Iterator

import libcst as cst

from autodev.repair.diagnosis.check import absent_check
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.observation import observed
from autodev.repair.diagnosis.suspect import Evidence, Suspect, evidence, singled_out
from autodev.repair.source.changes import Stage
from autodev.repair.source.expressions import callee_name, rendered

_Lookup = tuple[cst.Subscript | cst.Call, cst.BaseExpression, cst.BaseExpression]
_LITERALS = (cst.Integer, cst.Float, cst.SimpleString)


def diagnose(fault: Fault) -> Iterator[Suspect]:
    """The statement's lookups by key; certain where the key is the one that the KeyError names."""
    if fault.error_name != "KeyError":
        return
    missing = {repr(key) for key in map(_evaluated, fault.messages) if key is not None}
    found = [lookup for lookup in lookups(fault.site.nodes) if _possible(lookup[2], missing)]
    proof = [_evidence(fault, key, missing) for _, _, key in found]
    for (failing, container, key), certain in zip(found, singled_out(proof), strict=True):
        key_text, container_text = rendered(fault.function, key), rendered(fault.function, container)
        if key_text is not None and container_text is not None:
            yield Suspect(
                kind="key",
                failing=failing,
                operand=failing,
                checks=(absent_check(key_text, container_text),),
                stage=Stage.EXISTENCE,
                certain=certain,
            )


def lookups(nodes: tuple[cst.CSTNode, ...]) -> Iterator[_Lookup]:
    """Every `container[key]` and `container.pop(key)` with its container and key."""
    for node in nodes:
        match node:
            case cst.Subscript(value=container, slice=[cst.SubscriptElement(slice=cst.Index(value=key))]):
                yield node, container, key
            case cst.Call(func=cst.Attribute(value=container), args=[argument]):
                if callee_name(node) == "pop" and argument.keyword is None:
                    yield node, container, argument.value


def _possible(key: cst.BaseExpression, missing: set[str]) -> bool:
    """A literal key can only have been missing if the error names it."""
    return not isinstance(key, _LITERALS) or not missing or repr(key.evaluated_value) in missing


def _evidence(fault: Fault, key: cst.BaseExpression, missing: set[str]) -> Evidence:
    values = (key.evaluated_value,) if isinstance(key, _LITERALS) else observed(fault, key)
    return evidence(values, lambda value: type(value) in (str, int) and repr(value) in missing)


def _evaluated(message: str) -> object:
    try:
        return ast.literal_eval(message)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
