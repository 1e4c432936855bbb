"""A key that a mapping doesn't have."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

import libcst as cst

from autodev.repair.diagnosis.check import absent_check
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.observation import observed
from autodev.repair.diagnosis.suspect import Evidence, Suspect, evidence, singled_out
from autodev.repair.source.calls import callee_name
from autodev.repair.source.changes import Stage
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.rendering import rendered, rendered_key

_LITERALS = (cst.Integer, cst.Float, cst.SimpleString)
_NEVER_FILLED = 0.2


@dataclass(frozen=True, slots=True)
class _Lookup:
    """A lookup with the source of its key and container; `key` is None for a key of several parts."""

    node: cst.Subscript | cst.Call
    key: cst.BaseExpression | None
    key_text: str
    container_text: str


def diagnose(fault: Fault) -> Iterator[Suspect]:
    """The statement's lookups by key; certain where the key is the one that the KeyError names."""
    if fault.error_name != "KeyError":
        return
    missing = {repr(key) for key in map(_evaluated, fault.messages) if key is not None}
    found = [lookup for node in fault.site.nodes if (lookup := _lookup(fault.function, node, missing))]
    proof = [_evidence(fault, lookup.key, missing) for lookup in found]
    for lookup, certain in zip(found, singled_out(proof), strict=True):
        check = absent_check(lookup.key_text, lookup.container_text)
        if _builds_up(fault.function, lookup.node):
            # Skipping what is to be counted or grouped would leave the answer empty.
            check = replace(check, risk=check.risk + _NEVER_FILLED)
        yield Suspect("key", lookup.node, lookup.node, (check,), Stage.EXISTENCE, certain)


def _lookup(function: FunctionSource, node: cst.CSTNode, missing: set[str]) -> _Lookup | None:
    """`container[key]` or `container.pop(key)`; a literal key counts only if the error names it."""
    key: cst.BaseExpression | None = None
    match node:
        case cst.Subscript(value=container, slice=[cst.SubscriptElement(slice=cst.Index(value=key))]):
            key_text = rendered(function, key)
        case cst.Subscript(value=container, slice=[_, _, *_]):
            key_text = rendered_key(function, node)
        case cst.Call(func=cst.Attribute(value=container), args=[cst.Arg(keyword=None, value=key)]):
            key_text = rendered(function, key) if callee_name(node) == "pop" else None
        case _:
            return None
    container_text = rendered(function, container)
    if key_text is None or container_text is None:
        return None
    if isinstance(key, _LITERALS) and missing and repr(key.evaluated_value) not in missing:
        return None
    return _Lookup(node, key, key_text, container_text)


def _evidence(fault: Fault, key: cst.BaseExpression | None, missing: set[str]) -> Evidence:
    if key is None:
        return Evidence.UNKNOWN
    values = (key.evaluated_value,) if isinstance(key, _LITERALS) else observed(fault, key)
    return evidence(values, lambda value: type(value) in (str, int) and repr(value) in missing)


def _builds_up(function: FunctionSource, node: cst.BaseExpression) -> bool:
    """Whether the statement adds to what the key stands for: `d[k] += 1`, `d[k].append(x)`."""
    match function.parent(node):
        case cst.AugAssign(target=target):
            return target is node
        case cst.Attribute(attr=cst.Name(value=method)):
            return method in ("append", "extend", "add", "update")
    return False


def _evaluated(message: str) -> object:
    try:
        return ast.literal_eval(message)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
