"""What a loop goes through: a copy, the indices, the elements, a part."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import replaced, respelled
from autodev.repair.operators.precedence import Binding, argument, binding, operand
from autodev.repair.operators.subject import Subject


def iterated(subject: Subject) -> Iterator[Mutation]:
    function = subject.function
    for node in subject.nodes:
        if not isinstance(node, cst.For | cst.CompFor):
            continue
        source = node.iter
        match source:
            case cst.Call(func=cst.Name(value="range"), args=[*_, cst.Arg(value=cst.Call() as counted)]):
                if function.text(counted.func) == "len" and len(counted.args) == 1:
                    yield replaced("iterated", function, source, function.text(counted.args[0].value))
            case cst.Call(func=cst.Name(value="range"), args=[cst.Arg(value=value)]):
                yield replaced("iterated", function, source, f"range(len({argument(function, value)}))")
                yield replaced("iterated", function, source, function.text(value), binding(value))
            case _:
                owner, given = operand(function, source, Binding.ATOM), argument(function, source)
                for text in (
                    f"{owner}[:]", f"list({given})", f"range(len({given}))", f"range({given})", f"{owner}[1:]",
                    f"{owner}[:-1]", f"{owner}[::-1]", f"sorted({given})", f"enumerate({given})", f"{owner}.copy()",
                    f"{owner}.items()",
                ):  # fmt: skip
                    yield replaced("iterated", function, source, text)
    for loop in subject.loops:
        if isinstance(loop, cst.For) and isinstance(loop.target, cst.Name):
            yield from _element_for_index(subject, loop, loop.target.value)


def copied(subject: Subject) -> Iterator[Mutation]:
    """A collection copied where another name for it was made, so that one does not change with the other."""
    function = subject.function
    for node in subject.nodes:
        match node:
            case cst.Assign(value=cst.Name(value=name) as value) if name not in ("True", "False", "None"):
                for text in (f"{name}[:]", f"list({name})", f"{name}.copy()"):
                    yield replaced("copied", function, value, text)
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=value):
                yield respelled("copied", function, function.span(value), f"{function.text(value)}[:]")


def indexed(subject: Subject) -> Iterator[Mutation]:
    """An element in an index's place and the other way: `i` → `xs[i]`, `xs[i]` → `i`, `x` → `xs[-1]`."""
    function, kinds = subject.function, subject.kinds
    for node in subject.expressions:
        match node:
            case cst.Name(value=name) if name in kinds.numbers:
                for collection in kinds.collections:
                    if collection != name:
                        yield replaced("indexed", function, node, f"{collection}[{name}]")
            case cst.Name(value=name) if name in kinds.collections:
                for text in (f"{name}[0]", f"{name}[-1]", f"len({name})"):
                    yield replaced("indexed", function, node, text)
            case cst.Subscript(value=value, slice=[cst.SubscriptElement(slice=cst.Index(value=index))]):
                yield replaced("unindexed", function, node, operand(function, index, Binding.LOOSE), binding(index))
                yield replaced("unindexed", function, node, function.text(value), binding(value))
            case cst.Subscript(value=value):
                yield replaced("unindexed", function, node, function.text(value), binding(value))


def _element_for_index(subject: Subject, loop: cst.For, name: str) -> Iterator[Mutation]:
    """`for x in xs` that uses `x` as an index counts along: `for i, x in enumerate(xs)`."""
    function = subject.function
    own = [node for node in subject.names if node.value == name and _within(subject, node, loop)]
    if isinstance(loop.iter, cst.Name):
        for node in own:
            yield replaced("element_for_index", function, node, f"{loop.iter.value}[{name}]")
            yield replaced("element_for_index", function, node, f"{loop.iter.value}.index({name})")


def _within(subject: Subject, node: cst.CSTNode, loop: cst.For) -> bool:
    return any(outer is loop.body for outer in subject.function.ancestors(node))
