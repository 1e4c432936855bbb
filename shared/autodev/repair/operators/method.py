"""Another method, a call that lacks its parentheses, and changes in place that were meant as new values."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.mutation import Mutation
from autodev.repair.operators.editing import replaced, respelled
from autodev.repair.operators.precedence import Binding, argument, operand
from autodev.repair.operators.subject import Subject
from autodev.repair.operators.wrong_name import nearest
from autodev.repair.source.function import FunctionSource

_FAMILIES = (
    ("append", "extend", "insert", "add", "remove", "pop", "update", "discard", "union"),
    ("index", "find", "count", "rfind", "rindex"),
    ("lower", "upper", "title", "capitalize", "swapcase"),
    ("strip", "lstrip", "rstrip"),
    ("startswith", "endswith"),
    ("isdigit", "isalpha", "isalnum", "isnumeric", "isupper", "islower", "isspace"),
    ("split", "splitlines", "rsplit", "partition"),
    ("keys", "values", "items"),
    ("get", "setdefault", "pop"),
    ("popleft", "pop", "append", "appendleft"),
)
_KNOWN = tuple(dict.fromkeys((*(name for family in _FAMILIES for name in family), "copy", "clear", "replace", "join",
                              "reverse", "sort", "union", "intersection", "difference", "format")))  # fmt: skip
_WITHOUT_ARGUMENTS = frozenset({"copy", "sort", "reverse", "pop", "lower", "upper", "strip", "split", "keys", "values",
                                "items", "clear", "isdigit", "isalpha", "popleft"})  # fmt: skip


def wrong_method(subject: Subject) -> Iterator[Mutation]:
    for node in subject.expressions:
        if isinstance(node, cst.Attribute):
            own = node.attr.value
            family = [name for names in _FAMILIES if own in names for name in names if name != own]
            spellings = [] if own in _KNOWN else nearest(own, _KNOWN)[:4]
            for other in dict.fromkeys((*family, *spellings)):
                yield respelled("wrong_method", subject.function, subject.function.span(node.attr), other)


def missing_call(subject: Subject) -> Iterator[Mutation]:
    """`xs.copy` → `xs.copy()`, `xs.append[x]` → `xs.append(x)`, `xs(0)` → `xs[0]`."""
    function = subject.function
    for node in subject.expressions:
        parent = function.parent(node)
        called = isinstance(parent, cst.Call) and parent.func is node
        match node:
            case cst.Attribute(attr=cst.Name(value=name)) if not called and name in _WITHOUT_ARGUMENTS:
                yield replaced("missing_call", function, node, f"{function.text(node)}()")
            case cst.Subscript(value=value, slice=[cst.SubscriptElement(slice=cst.Index(value=given))]):
                if isinstance(value, cst.Attribute | cst.Name):
                    text = f"{function.text(value)}({function.text(given)})"
                    kind = "brackets_to_call" if isinstance(value, cst.Attribute) else "index_to_call"
                    yield replaced(kind, function, node, text)
            case cst.Call(func=cst.Name() as value, args=[cst.Arg(keyword=None, star="", value=given)]):
                if value.value in subject.kinds.collections or value.value in subject.scope.own:
                    text = f"{function.text(value)}[{function.text(given)}]"
                    yield replaced("call_to_brackets", function, node, text)


def method_to_operator(subject: Subject) -> Iterator[Mutation]:
    """`xs.append(x)` → `xs = xs + [x]`, for tuples and to leave the caller's list alone; and the other way."""
    function = subject.function
    for statement in subject.nodes:
        match statement:
            case cst.Expr(value=cst.Call(func=cst.Attribute() as called, args=[cst.Arg(value=given)])):
                for text in _operations(function, called, given):
                    yield respelled("method_to_operator", function, function.span(statement), text)
            case cst.AugAssign(target=target, operator=cst.AddAssign(), value=given):
                if function.text(target) in subject.kinds.numbers:
                    continue
                owner, value = function.text(target), argument(function, given)
                for text in (f"{owner}.append({value})", f"{owner}.extend({value})"):
                    yield respelled("operator_to_method", function, function.span(statement), text)
                if not isinstance(given, cst.List | cst.Tuple):
                    for text in (f"[{value}]", f"({value},)"):
                        yield replaced("wrapped_element", function, given, text)


def _operations(function: FunctionSource, called: cst.Attribute, given: cst.BaseExpression) -> Iterator[str]:
    owner, value = function.text(called.value), argument(function, given)
    match called.attr.value:
        case "append" | "add" | "extend" | "insert" | "update":
            yield f"{owner} = {owner} + [{value}]"
            yield f"{owner} += ({value},)"
            yield f"{owner} = {owner} + {value}"
            yield f"{owner} += {operand(function, given, Binding.LOOSE)}"
            yield f"{owner} = {owner} + ({value},)"
            yield f"{owner} = [{value}] + {owner}"
            yield f"{owner}.insert(0, {value})"
        case "remove":
            yield f"{owner}.pop({owner}.index({value}))"
            yield f"{owner} = [element for element in {owner} if element != {value}]"
        case "pop":
            yield f"{owner}.remove({value})"
            yield f"{owner} = {owner}[:{value}] + {owner}[{value} + 1:]"
