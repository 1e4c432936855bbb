"""Collections and counts that a function gathers element by element: they stay empty when all are left out."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.source.calls import callee_name
from autodev.repair.source.comprehensions import clauses
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.site import Site

_SAME_LENGTH = frozenset({"list", "tuple", "sorted", "set", "reversed", "iter", "map", "enumerate"})
_VIEWS = frozenset({"keys", "values", "items"})
_ADDING = frozenset({"append", "appendleft", "add"})


def source_of_emptiness(collection: cst.BaseExpression) -> cst.BaseExpression:
    """`words` of `sorted(words)`, `words.values()` or `len(w) for w in words`: empty exactly when it is."""
    match collection:
        case cst.Call(func=cst.Name(value=name)) if name in _SAME_LENGTH and collection.args:
            argument = collection.args[1 if name == "map" and len(collection.args) > 1 else 0]
            return source_of_emptiness(argument.value)
        case cst.Call(func=cst.Attribute(value=mapping, attr=cst.Name(value=view)), args=()) if view in _VIEWS:
            return mapping
        case cst.GeneratorExp() | cst.ListComp() | cst.SetComp() | cst.DictComp():
            loops = list(clauses(collection))
            if len(loops) == 1 and not loops[0].ifs:
                return source_of_emptiness(loops[0].iter)
    return collection


def gathered_by(function: FunctionSource, collection: cst.BaseExpression) -> frozenset[str]:
    """The name that the collection's elements are assigned to, as they are or by `list`, `sorted` and the like."""
    for outer in function.ancestors(collection):
        match outer:
            case cst.Arg():
                continue
            case cst.Call() if callee_name(outer) in _SAME_LENGTH:
                continue
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]):
                return frozenset({name})
            case cst.AnnAssign(target=cst.Name(value=name)):
                return frozenset({name})
        break
    return frozenset()


def gathered_from(site: Site) -> frozenset[str]:
    """Names that the rest of the loop's round, from the statement on, appends to or counts up."""
    function, loop = site.function, site.loop
    if loop is None:
        return frozenset()
    start = function.span(site.block).start
    rest = (node for node in function.walk(loop.body) if function.span(node).start >= start)
    return frozenset(name for node in rest for name in _grown(node))


def with_same_emptiness(function: FunctionSource, names: frozenset[str]) -> frozenset[str]:
    """The names and all that are assigned from them: as many elements, or how many there are."""
    found = names
    while more := {name for name in function.assigned if name not in found and _follows(function, name, found)}:
        found = found.union(more)
    return found


def _grown(node: cst.CSTNode) -> Iterator[str]:
    match node:
        case cst.AugAssign(target=cst.Name(value=name), operator=cst.AddAssign(), value=cst.Integer()):
            yield name
        case cst.Call(func=cst.Attribute(value=cst.Name(value=name), attr=cst.Name(value=method))):
            if method in _ADDING:
                yield name


def _follows(function: FunctionSource, name: str, names: frozenset[str]) -> bool:
    assigned = function.assigned[name]
    if len(assigned) != 1 or assigned[0] is None:
        return False
    match assigned[0]:
        case cst.Call(func=cst.Name(value="len"), args=[cst.Arg(value=collection)]):
            source = source_of_emptiness(collection)
        case collection:
            source = source_of_emptiness(collection)
    return isinstance(source, cst.Name) and source.value in names
