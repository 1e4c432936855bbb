"""Names that have no value yet, or lose it at the wrong moment."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.blocks import Statement
from autodev.repair.operators.editing import put_before, respelled
from autodev.repair.operators.subject import Subject

_NEUTRAL = ("0", "[]", "''", "()", "{}", "set()", "None", "False", "True", "1", "-1")
_MODULES = frozenset(
    {"bisect", "collections", "copy", "datetime", "functools", "heapq", "itertools", "json", "math", "operator", "os"}
    | {"random", "re", "statistics", "string", "sys", "time"}
)
_MEMBERS = {
    "Counter": "collections", "OrderedDict": "collections", "defaultdict": "collections", "deque": "collections",
    "reduce": "functools", "lru_cache": "functools", "partial": "functools", "deepcopy": "copy", "sqrt": "math",
    "ceil": "math", "floor": "math", "pi": "math", "gcd": "math", "log": "math", "permutations": "itertools",
    "combinations": "itertools", "product": "itertools", "chain": "itertools", "groupby": "itertools",
    "accumulate": "itertools", "mean": "statistics", "median": "statistics", "randint": "random",
    "bisect_left": "bisect", "bisect_right": "bisect", "insort": "bisect", "heappush": "heapq", "heappop": "heapq",
    "nlargest": "heapq", "nsmallest": "heapq", "ascii_lowercase": "string", "ascii_uppercase": "string",
    "timedelta": "datetime", "date": "datetime",
}  # fmt: skip


def initialised(subject: Subject) -> Iterator[Mutation]:
    """A value for a name before its first use: at the function's start, and before every loop."""
    for statement in _starts(subject):
        for name in _unsure(subject):
            for value in (*_NEUTRAL, *_firsts(subject), *subject.scope.parameters):
                if value != name:
                    yield put_before("initialised", subject.function, statement, (f"{name} = {value}",))


def missing_import(subject: Subject) -> Iterator[Mutation]:
    """An import of a well-known module, or of what it is well known for, at the function's start."""
    start = next(_starts(subject), None)
    if start is None:
        return
    for name in dict.fromkeys(node.value for node in subject.names if subject.scope.is_undefined(node)):
        if name in _MODULES:
            yield put_before("missing_import", subject.function, start, (f"import {name}",))
        if name in _MEMBERS:
            yield put_before("missing_import", subject.function, start, (f"from {_MEMBERS[name]} import {name}",))


def global_statement(subject: Subject) -> Iterator[Mutation]:
    """A module's variable that the function assigns to."""
    start = next(_starts(subject), None)
    for name in subject.scope.variables:
        if start is not None and name in subject.module.constants:
            yield put_before("global_statement", subject.function, start, (f"global {name}",))


def initial_value(subject: Subject) -> Iterator[Mutation]:
    """Another first value: the first element, a copy, what the parameter holds."""
    function = subject.function
    for node in subject.nodes:
        match node:
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=value):
                for text in (*_firsts(subject), *(other for other in subject.scope.own if other != name)):
                    yield respelled("initial_value", function, function.whole_span(value), text)


def _starts(subject: Subject) -> Iterator[Statement]:
    for block in subject.blocks:
        for statement in block.statements:
            own = block.owner is subject.function.definition and statement.index == 0
            if own or isinstance(statement.node, cst.For | cst.While):
                yield statement


def _unsure(subject: Subject) -> tuple[str, ...]:
    """Variables that some path may read unbound, and names that nothing binds; those that change themselves first."""
    function = subject.function
    sure = {
        function.text(target.target)
        for block in subject.blocks
        if block.owner is function.definition
        for statement in block.statements
        if isinstance(statement.small, cst.Assign)
        for target in statement.small.targets
    }
    grown = [
        node.target.value
        for node in subject.nodes
        if isinstance(node, cst.AugAssign) and isinstance(node.target, cst.Name)
    ]
    missing = [node.value for node in subject.names if subject.scope.is_undefined(node)]
    names = dict.fromkeys(
        (
            *missing,
            *(name for name in grown if name not in sure),
            *(name for name in subject.scope.variables if name not in sure),
            *subject.scope.variables,
        )
    )
    return tuple(name for name in names if name not in subject.scope.parameters)


def _firsts(subject: Subject) -> Iterator[str]:
    for name in subject.scope.parameters:
        if name in subject.kinds.collections:
            yield from (f"{name}[0]", f"len({name})", f"list({name})", f"{name}[:]")
