"""What the recorded arguments tell of an expression's values, without running any of the code."""

from collections.abc import Mapping, Sequence

import libcst as cst

from autodev.repair.diagnosis.fault import Fault
from autodev.repair.source.calls import callee_name, first_argument
from autodev.repair.source.comprehensions import clauses, comprehension_of
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.site import Site

_MAX_VALUES = 1_000
_MAX_DEPTH = 12
_Values = tuple[object, ...]


def observed(fault: Fault, expression: cst.BaseExpression) -> _Values:
    """Values that the expression can have had in the failing calls; empty when they can't be told.

    Understands parameters, loop and comprehension variables over them, local names assigned once, constant
    subscripts and `.get` on plain dicts, lists and tuples.
    """
    values: list[object] = []
    for failure in fault.failures:
        if failure.arguments is not None:
            reader = _Reader(fault.function, fault.site, failure.arguments)
            values += reader.values(expression, 0)
        if len(values) >= _MAX_VALUES:
            break
    return tuple(values[:_MAX_VALUES])


class _Reader:
    def __init__(self, function: FunctionSource, site: Site, arguments: Mapping[str, object]) -> None:
        self._function, self._site, self._arguments = function, site, arguments

    def values(self, node: cst.CSTNode, depth: int) -> _Values:
        if depth > _MAX_DEPTH:
            return ()
        match node:
            case cst.Name(value=name):
                return self._named(node, name, depth)
            case cst.Integer() | cst.Float() | cst.SimpleString():
                return (node.evaluated_value,)
            case cst.Subscript(value=container, slice=[cst.SubscriptElement(slice=cst.Index(value=key))]):
                return self._items(self.values(container, depth + 1), self.values(key, depth + 1))
            case cst.Call(func=cst.Attribute(value=container)) if callee_name(node) == "get":
                wanted = first_argument(node)
                if wanted is not None:
                    found = self.values(container, depth + 1)
                    return self._items(found, self.values(wanted, depth + 1), absent=(None,))
        return ()

    def _named(self, node: cst.Name, name: str, depth: int) -> _Values:
        iterated = self._iterated(node, name)
        if iterated is not None:
            return self._elements(self.values(iterated, depth + 1))
        assigned = self._function.assigned.get(name, ())
        if len(assigned) == 1 and assigned[0] is not None and name not in self._arguments:
            return self.values(assigned[0], depth + 1)
        if not assigned and name in self._arguments:
            return (self._arguments[name],)
        return ()

    def _iterated(self, node: cst.Name, name: str) -> cst.BaseExpression | None:
        comprehension = comprehension_of(self._site, node)
        if comprehension is not None:
            found = (clause.iter for clause in clauses(comprehension) if _is_name(clause.target, name))
            return next(found, None)
        for outer in (node, *self._function.ancestors(node)):
            if isinstance(outer, cst.For) and _is_name(outer.target, name):
                return outer.iter
        return None

    @staticmethod
    def _elements(containers: _Values) -> _Values:
        elements: list[object] = []
        for container in containers:
            if type(container) in (list, tuple, dict):
                assert isinstance(container, list | tuple | dict)
                elements += list(container)[:_MAX_VALUES]
        return tuple(elements[:_MAX_VALUES])

    @staticmethod
    def _items(containers: _Values, keys: _Values, absent: _Values = ()) -> _Values:
        found: list[object] = []
        for container in containers[:_MAX_VALUES]:
            for key in keys[:1]:
                found += _item(container, key, absent)
        return tuple(found)


def _item(container: object, key: object, absent: _Values) -> Sequence[object]:
    # Exact types only: a subclass from an agent's payload could run code of its own here.
    if type(key) not in (str, int):
        return ()
    if type(container) is dict:
        return (container[key],) if key in container else absent
    if type(container) in (list, tuple) and type(key) is int:
        assert isinstance(container, list | tuple)
        return (container[key],) if -len(container) <= key < len(container) else absent
    return ()


def _is_name(target: cst.CSTNode, name: str) -> bool:
    return isinstance(target, cst.Name) and target.value == name
