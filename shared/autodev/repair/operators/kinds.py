"""Which names hold collections and which hold numbers, as far as their use tells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from autodev.repair.source.calls import callee_name, first_argument
from autodev.repair.source.function import FunctionSource

_COLLECTION_MAKERS = frozenset(
    {"copy", "dict", "enumerate", "items", "keys", "list", "range", "reversed", "set", "sorted", "split", "tuple"}
    | {"values", "zip"}
)
_NUMBER_MAKERS = frozenset({"abs", "count", "float", "index", "int", "len", "ord", "pow", "round", "sum"})
_COLLECTION_TAKERS = frozenset({"enumerate", "len", "list", "reversed", "set", "sorted", "sum", "tuple", "max", "min"})
_COLLECTION_METHODS = frozenset(
    {"add", "append", "count", "extend", "get", "index", "insert", "items", "join", "keys", "pop", "remove"}
    | {"reverse", "sort", "split", "update", "values"}
)
_COLLECTIONS = (cst.List, cst.Tuple, cst.Dict, cst.Set, cst.ListComp, cst.SetComp, cst.DictComp, cst.SimpleString)


@dataclass(frozen=True, slots=True)
class Kinds:
    """Names in the order of their first telling use. A name can be in both, when it is used as both, or in none."""

    collections: tuple[str, ...]
    numbers: tuple[str, ...]


def kinds(function: FunctionSource, nodes: Sequence[cst.CSTNode]) -> Kinds:
    collections: dict[str, None] = {}
    numbers: dict[str, None] = {}
    for node in nodes:
        collections |= dict.fromkeys(_collections(function, node))
        numbers |= dict.fromkeys(_numbers(node))
    return Kinds(tuple(collections), tuple(numbers))


def _collections(function: FunctionSource, node: cst.CSTNode) -> Iterator[str]:
    match node:
        case cst.Call(func=cst.Attribute(value=cst.Name(value=name), attr=cst.Name(value=method))):
            if method in _COLLECTION_METHODS:
                yield name
        case cst.Call(func=cst.Name(value=called)) if called in _COLLECTION_TAKERS:
            match first_argument(node):
                case cst.Name(value=name):
                    yield name
        case cst.For(iter=cst.Name(value=name)) | cst.CompFor(iter=cst.Name(value=name)):
            yield name
        case (
            cst.Subscript(value=cst.Name(value=name))
            | cst.ComparisonTarget(operator=cst.In() | cst.NotIn(), comparator=cst.Name(value=name))
        ):
            yield name
        case cst.Assign() | cst.StarredElement():
            yield from _unpacked(node)
        case cst.AssignTarget(target=cst.Name(value=name)):
            assignment = function.parent(node)
            if isinstance(assignment, cst.Assign) and _makes_collection(assignment.value):
                yield name


def _unpacked(node: cst.Assign | cst.StarredElement) -> Iterator[str]:
    match node:
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Tuple(elements=elements))], value=cst.Name(value=name)):
            if any(isinstance(element, cst.StarredElement) for element in elements):
                yield name
        case cst.StarredElement(value=cst.Name(value=name)):
            yield name


def _makes_collection(value: cst.BaseExpression) -> bool:
    return isinstance(value, _COLLECTIONS) or _is_called(value, _COLLECTION_MAKERS)


def _is_called(value: cst.BaseExpression, names: frozenset[str]) -> bool:
    return isinstance(value, cst.Call) and callee_name(value) in names


def _numbers(node: cst.CSTNode) -> Iterator[str]:
    match node:
        case cst.Assign() | cst.AugAssign() | cst.For():
            yield from _assigned_number(node)
        case cst.Call(func=cst.Name(value="range"), args=arguments):
            yield from (given.value.value for given in arguments if isinstance(given.value, cst.Name))
        case cst.Index(value=cst.Name(value=name)):
            yield name
        case cst.Slice(lower=lower, upper=upper):
            yield from (bound.value for bound in (lower, upper) if isinstance(bound, cst.Name))
        case cst.Comparison(left=cst.Name(value=name), comparisons=[cst.ComparisonTarget(comparator=cst.Integer())]):
            yield name


def _assigned_number(node: cst.CSTNode) -> Iterator[str]:
    match node:
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=value):
            if isinstance(value, cst.Integer | cst.Float) or _is_called(value, _NUMBER_MAKERS):
                yield name
        case cst.AugAssign(target=cst.Name(value=name), value=cst.Integer() | cst.Float()):
            yield name
        case cst.For(target=cst.Name(value=name), iter=cst.Call(func=cst.Name(value="range"))):
            yield name
