"""Another name: the wrong variable read, changed or called, or a name that does not exist."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import line_of, replaced, respelled
from autodev.repair.operators.scope import BUILTINS
from autodev.repair.operators.subject import Subject
from autodev.repair.source.changes import Replacement

_ALIKE = 0.6
_CHANCE = 0.4
"""Of likeness: names that share a letter or two are not alike."""


def undefined_name(subject: Subject) -> Iterator[Mutation]:
    """A name that nothing binds, in one place and in all of them."""
    function = subject.function
    places: dict[str, list[cst.Name]] = {}
    unassigned = _only_changed(subject)
    for node in subject.nodes:
        if isinstance(node, cst.AugAssign) and isinstance(node.target, cst.Name) and node.target.value in unassigned:
            places.setdefault(node.target.value, []).append(node.target)
    for node in subject.names:
        if subject.scope.is_undefined(node) or node.value in unassigned:
            places.setdefault(node.value, []).append(node)
    for name, nodes in places.items():
        called = any(_is_called(subject, node) for node in nodes)
        for other in nearest(name, (*_readable(subject, nodes[0]), *(_builtins_like(name) if called else ()))):
            if len(nodes) > 1:
                replacements = tuple(Replacement(function.span(node), other) for node in nodes)
                line = line_of(function, replacements[0].span.start)
                yield Mutation("undefined_name", f"{name} becomes {other} everywhere.", replacements, line)
            for node in nodes:
                yield replaced("undefined_name", function, node, other)


def wrong_name(subject: Subject) -> Iterator[Mutation]:
    """A name that exists, but another one was meant."""
    for node in subject.names:
        if subject.scope.is_undefined(node):
            continue
        called = _is_called(subject, node)
        kind = "wrong_callee" if called else "wrong_name"
        others = _callable(subject, node.value) if called else _readable(subject, node)
        for other in nearest(node.value, others):
            yield replaced(kind, subject.function, node, other)


def wrong_target(subject: Subject) -> Iterator[Mutation]:
    """A value assigned to the wrong variable."""
    for node in subject.nodes:
        match node:
            case cst.AssignTarget(target=cst.Name() as target) | cst.AugAssign(target=cst.Name() as target):
                span = subject.function.span(target)
                for other in nearest(target.value, subject.scope.own):
                    yield respelled("wrong_target", subject.function, span, other)


def shadowing(subject: Subject) -> Iterator[Mutation]:
    """A loop's variable that hides a parameter or another variable gets a name of its own within the loop."""
    function = subject.function
    for loop in subject.loops:
        if not isinstance(loop, cst.For) or not isinstance(loop.target, cst.Name):
            continue
        name = loop.target.value
        fresh = _fresh(subject, name)
        within = [node for node in function.walk(loop.body) if isinstance(node, cst.Name) and node.value == name]
        renamed = [node for node in within if node in subject.names]
        replacements = tuple(Replacement(function.span(node), fresh) for node in (loop.target, *renamed))
        line = line_of(function, replacements[0].span.start)
        yield Mutation("shadowing", f"The loop's {name} becomes {fresh}.", replacements, line)


def nearest(name: str, others: Sequence[str]) -> list[str]:
    """The other names, most alike first; those equally alike in the order given."""
    distinct = [other for other in dict.fromkeys(others) if other != name]
    return sorted(distinct, key=lambda other: -_likeness(name, other))


@lru_cache(maxsize=4096)
def _likeness(name: str, other: str) -> float:
    likeness = SequenceMatcher(None, name.lower(), other.lower(), autojunk=False).ratio()
    return round(likeness, 3) if likeness >= _CHANCE else 0.0


def _only_changed(subject: Subject) -> frozenset[str]:
    """Variables that `x += y` changes and that nothing gives a first value."""
    changed = {name for name, values in subject.function.assigned.items() if all(value is None for value in values)}
    bound = {
        node.target.value for node in subject.loops if isinstance(node, cst.For) and isinstance(node.target, cst.Name)
    }
    return frozenset(changed - bound - {*subject.scope.parameters})


def _is_called(subject: Subject, node: cst.Name) -> bool:
    parent = subject.function.parent(node)
    return isinstance(parent, cst.Call) and parent.func is node


def _readable(subject: Subject, node: cst.Name) -> tuple[str, ...]:
    """Variables of the loops around it first, the innermost one's before all."""
    module = subject.module
    around = [outer.target for outer in subject.function.ancestors(node) if isinstance(outer, cst.For)]
    loops = [target.value for target in around if isinstance(target, cst.Name)]
    return (*loops, *subject.scope.visible(node), *module.constants, *module.functions, *module.imports)


def _callable(subject: Subject, name: str) -> tuple[str, ...]:
    """The module's functions, and builtins of nearly the same spelling (other builtins are a family of their own)."""
    return (*subject.module.functions, subject.function.definition.name.value, *_builtins_like(name))


def _builtins_like(name: str) -> tuple[str, ...]:
    return tuple(other for other in sorted(BUILTINS) if other.islower() and _likeness(name, other) >= _ALIKE)


def _fresh(subject: Subject, name: str) -> str:
    taken = {node.value for node in subject.function.nodes if isinstance(node, cst.Name)}
    return next(fresh for number in range(2, 1000) if (fresh := f"{name}_{number}") not in taken)
