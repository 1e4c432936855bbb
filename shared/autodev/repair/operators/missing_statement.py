"""A statement that a loop or a branch lacks: it gathers, counts, goes on, or stops."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.blocks import Block
from autodev.repair.operators.editing import put_after, put_before
from autodev.repair.operators.subject import Subject


def missing_statement(subject: Subject) -> Iterator[Mutation]:
    """One new line at the start or the end of every block inside of a loop, and before the function's last `return`."""
    for block in subject.blocks:
        if not block.statements:
            continue
        if _in_loop(subject, block):
            for kind, line in _lines(subject, block):
                yield from _placed(subject, block, kind, line)
        elif block.owner is subject.function.definition and isinstance(block.statements[-1].small, cst.Return):
            for kind, line in _lines(subject, block):
                yield put_before(kind, subject.function, block.statements[-1], (line,))


def missing_jump(subject: Subject) -> Iterator[Mutation]:
    for block in subject.blocks:
        if _in_loop(subject, block) and block.statements:
            for line in ("break", "continue"):
                last = block.statements[-1]
                if not isinstance(last.small, cst.Return | cst.Break | cst.Continue | cst.Raise):
                    yield put_after("missing_jump", subject.function, last, (line,))


def missing_else(subject: Subject) -> Iterator[Mutation]:
    """An `else` with one line for an `if` that has none."""
    function = subject.function
    for block in subject.blocks:
        for statement in block.statements:
            node: cst.CSTNode | None = statement.node
            while isinstance(node, cst.If):
                node = node.orelse
            if node is None:
                lines = [line for _, line in _lines(subject, block)] if _in_loop(subject, block) else []
                jumps = ["break", "continue"] if _in_loop(subject, block) else []
                returned = [function.text(each) for each in subject.returns]
                names = [f"return {name}" for name in subject.scope.own]
                for line in dict.fromkeys((*lines, *jumps, *returned, *names, "return True", "return False")):
                    if "\n" not in line:
                        yield put_after("missing_else", function, statement, ("else:", function.indent_unit + line))


def _placed(subject: Subject, block: Block, kind: str, line: str) -> Iterator[Mutation]:
    if not isinstance(block.statements[-1].small, cst.Return | cst.Break | cst.Continue | cst.Raise):
        yield put_after(kind, subject.function, block.statements[-1], (line,))
    yield put_before(kind, subject.function, block.statements[0], (line,))


def _lines(subject: Subject, block: Block) -> Iterator[tuple[str, str]]:
    kinds = subject.kinds
    for name in subject.scope.own:
        if name in kinds.numbers and name not in kinds.collections:
            yield "missing_increment", f"{name} += 1"
            yield "missing_increment", f"{name} -= 1"
    elements = _elements(subject, block)
    for name in subject.scope.own:
        if name in kinds.collections:
            for element in elements:
                if element != name:
                    yield "missing_append", f"{name}.append({element})"
                    yield "missing_removal", f"{name}.remove({element})"
        for element in elements:
            if name not in kinds.collections and element != name:
                yield "missing_update", f"{name} += {element}"
            if element != name:
                yield "missing_update", f"{name} = {element}"


def _elements(subject: Subject, block: Block) -> tuple[str, ...]:
    """What a round of the loops around the block is about: their variables, and what the round assigned."""
    function = subject.function
    outer = [] if block.owner is function.definition else [block.owner, *function.ancestors(block.owner)]
    loops = [node for node in outer if isinstance(node, cst.For | cst.While)]
    names: dict[str, None] = {} if loops else dict.fromkeys(subject.scope.variables)
    for loop in loops:
        if isinstance(loop, cst.For):
            names |= dict.fromkeys(n.value for n in function.walk(loop.target) if isinstance(n, cst.Name))
        for node in function.walk(loop.body):
            if isinstance(node, cst.AssignTarget) and isinstance(node.target, cst.Name):
                names[node.target.value] = None
    names |= dict.fromkeys(subject.scope.parameters)
    return tuple(names)


def _in_loop(subject: Subject, block: Block) -> bool:
    if block.owner is subject.function.definition:
        return False
    outer = (block.owner, *subject.function.ancestors(block.owner))
    return any(isinstance(node, cst.For | cst.While) for node in outer)
