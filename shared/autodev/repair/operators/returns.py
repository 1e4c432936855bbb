"""What the function returns: nothing yet, the wrong thing, or something printed."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import put_after, replaced, respelled
from autodev.repair.operators.precedence import Binding, argument
from autodev.repair.operators.subject import Subject

_CONSTANTS = ("True", "False", "None", "0", "1", "-1", "[]", "()", "''")


def missing_return(subject: Subject) -> Iterator[Mutation]:
    """A `return` at the function's end and at every block's end, and of a last expression."""
    function = subject.function
    for statement in subject.statements:
        match statement.small:
            case cst.Expr(value=cst.Call(func=cst.Name(value="print"), args=[cst.Arg(value=value), *_])) as small:
                text = f"return {function.text(value)}"
                yield respelled("print_to_return", function, function.span(small), text)
            case cst.Expr() as small:
                yield respelled("missing_return", function, function.span(small), f"return {function.text(small)}")
            case cst.Assign(value=value) as small:
                yield respelled(
                    "assignment_to_return", function, function.span(small), f"return {function.text(value)}"
                )
    for block in subject.blocks:
        last = block.statements[-1] if block.statements else None
        if last is not None and not isinstance(last.small, cst.Return | cst.Break | cst.Continue | cst.Raise):
            own = block.owner is function.definition
            lengths = [f"len({name})" for name in subject.kinds.collections]
            values = (*reversed(subject.scope.variables), *subject.scope.parameters, *_CONSTANTS, *lengths)
            for text in (*values, *_returned(subject)) if own else (*_returned(subject), *values):
                yield put_after("missing_return", function, last, (f"return {text}",))


def return_value(subject: Subject) -> Iterator[Mutation]:
    """Another value returned."""
    function = subject.function
    for node in subject.returns:
        value = node.value
        if value is None:
            for text in (*reversed(subject.scope.variables), *_returned(subject), *_CONSTANTS):
                yield respelled("return_value", function, function.span(node), f"return {text}")
            continue
        given = argument(function, value)
        for text in (f"[{given}]", f"({given},)"):
            yield replaced("wrapped_return", function, value, text)
        for text in dict.fromkeys((*_returned(subject), *subject.scope.own, *_CONSTANTS)):
            yield replaced("return_value", function, value, text, Binding.LOOSE)
        for name in subject.kinds.collections:
            for text in (f"len({name})", f"{name}[0]", f"{name}[-1]", f"{name}[::-1]"):
                yield replaced("return_value", function, value, text)


def unpacked_return(subject: Subject) -> Iterator[Mutation]:
    """A literal returned with one element more or less, or as another kind of collection."""
    function = subject.function
    for node in subject.expressions:
        match node:
            case cst.List(elements=[*elements]) | cst.Tuple(elements=[*elements]) if elements:
                texts = [function.text(element.value) for element in elements]
                joined = ", ".join(texts)
                kinds = (f"({joined},)" if len(texts) == 1 else f"({joined})", f"[{joined}]", f"{{{joined}}}")
                for text in kinds:
                    yield replaced("collection_literal", function, node, text)
                if len(texts) == 1:
                    yield replaced("collection_literal", function, node, texts[0], Binding.LOOSE)
                    yield replaced("collection_literal", function, node, f"list({texts[0]})")
                    yield replaced("collection_literal", function, node, f"tuple({texts[0]})")


def _returned(subject: Subject) -> tuple[str, ...]:
    """What the function returns elsewhere."""
    values = (node.value for node in subject.returns)
    texts = (argument(subject.function, value) for value in values if value is not None)
    return tuple(dict.fromkeys(text for text in texts if "\n" not in text))
