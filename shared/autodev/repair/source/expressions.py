"""Questions about expressions: how to write one again elsewhere, and whether that is allowed."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.source.function import FunctionSource, walk
from autodev.repair.source.site import Site

Comprehension = cst.GeneratorExp | cst.ListComp | cst.SetComp | cst.DictComp

_LOOSE = (cst.BooleanOperation, cst.Comparison, cst.IfExp, cst.Lambda, cst.NamedExpr, cst.Yield)
_ONCE = (cst.Await, cst.Yield, cst.NamedExpr)
# Calls that a second evaluation neither changes nor makes noticeably slower.
_REPEATABLE_CALLS = frozenset(
    {"abs", "bool", "float", "get", "int", "isinstance", "len", "lower", "lstrip", "max", "min", "replace"}
    | {"round", "rsplit", "rstrip", "split", "splitlines", "str", "strip", "sum", "tuple", "upper"}
)
# Places that take a conditional expression without parentheses.
_ROOMY = (
    cst.Arg, cst.Assign, cst.AnnAssign, cst.AugAssign, cst.Return, cst.Expr, cst.Element, cst.DictElement,
    cst.Index, cst.If, cst.While, cst.FormattedStringExpression, cst.ListComp, cst.SetComp, cst.GeneratorExp,
    cst.DictComp, cst.Assert, cst.NamedExpr,
)  # fmt: skip


def rendered(function: FunctionSource, node: cst.BaseExpression) -> str | None:
    """The expression on one line, safe to stand in a comparison; None when it can't be written again."""
    if any(isinstance(inner, _ONCE) for inner in walk(node)):
        return None
    text = function.text(node)
    if "\n" in text:
        if "#" in text or '"""' in text or "'''" in text or "\\\n" in text:
            return None
        text = " ".join(text.split()).replace("( ", "(").replace(" )", ")").replace(",)", ")")
    loose = isinstance(node, _LOOSE) or (isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not))
    return f"({text})" if loose else text


def is_repeatable(node: cst.BaseExpression) -> bool:
    """Whether evaluating the expression once more is harmless and cheap, as far as its names tell."""
    return all(
        callee_name(inner) in _REPEATABLE_CALLS for inner in walk(node) if isinstance(inner, cst.Call)
    ) and not any(isinstance(inner, Comprehension) for inner in walk(node))


def callee_name(call: cst.Call) -> str | None:
    """`float` of `float(x)`, `strptime` of `datetime.strptime(x, f)`; None of a call of something computed."""
    match call.func:
        case cst.Name(value=name) | cst.Attribute(attr=cst.Name(value=name)):
            return name
    return None


def first_argument(call: cst.Call) -> cst.BaseExpression | None:
    """The first positional argument, unless it is a `*star`."""
    if call.args and call.args[0].keyword is None and not call.args[0].star:
        return call.args[0].value
    return None


def names_read(node: cst.CSTNode) -> Iterator[str]:
    """Names the expression reads; attribute and keyword names are none."""
    match node:
        case cst.Name(value=name):
            yield name
        case cst.Attribute(value=value):
            yield from names_read(value)
        case cst.Arg(value=value):
            yield from names_read(value)
        case _:
            for child in node.children:
                yield from names_read(child)


def comprehension_of(site: Site, node: cst.CSTNode) -> Comprehension | None:
    """The innermost comprehension of the statement that binds a name which the expression reads."""
    names = set(names_read(node))
    for outer in site.function.ancestors(node):
        if outer is site.block:
            break
        if isinstance(outer, Comprehension) and names & bound_names(outer):
            return outer
    return None


def bound_names(comprehension: Comprehension) -> set[str]:
    return {name for clause in clauses(comprehension) for name in names_read(clause.target)}


def clauses(comprehension: Comprehension) -> Iterator[cst.CompFor]:
    """The comprehension's `for` clauses, outermost first."""
    clause: cst.CompFor | None = comprehension.for_in
    while clause is not None:
        yield clause
        clause = clause.inner_for_in


def stands_before(site: Site, node: cst.BaseExpression) -> bool:
    """Whether the expression can be evaluated just before its statement: no name of it is bound within."""
    names = set(names_read(node))
    for inner in site.nodes:
        match inner:
            case cst.Lambda(params=params):
                bound = {param.name.value for param in params.params}
            case cst.NamedExpr(target=cst.Name(value=name)):
                bound = {name}
            case cst.GeneratorExp() | cst.ListComp() | cst.SetComp() | cst.DictComp():
                bound = bound_names(inner)
            case _:
                continue
        if names & bound:
            return False
    return True


def takes_conditional(function: FunctionSource, node: cst.BaseExpression) -> bool:
    """Whether `a if b else c` can stand in the expression's place without parentheses."""
    return bool(node.lpar) or isinstance(function.parent(node), _ROOMY)


def is_divided_by_count(function: FunctionSource, collection: cst.BaseExpression) -> bool:
    """Whether the function divides by `len` of the collection, which has to stay in step with the elements."""
    if not isinstance(collection, cst.Name):
        return False
    for node in function.nodes:
        if isinstance(node, cst.Call) and callee_name(node) == "len":
            counted, parent = first_argument(node), function.parent(node)
            if isinstance(counted, cst.Name) and counted.value == collection.value:
                divisor = isinstance(parent, cst.BinaryOperation) and parent.right is node
                if divisor or isinstance(parent, cst.Assign):
                    return True
    return False


def parameters(scope: cst.FunctionDef) -> frozenset[str]:
    """Names of the function's parameters of every kind."""
    declared = scope.params
    stars = [star for star in (declared.star_arg, declared.star_kwarg) if isinstance(star, cst.Param)]
    named = [*declared.posonly_params, *declared.params, *declared.kwonly_params, *stars]
    return frozenset(parameter.name.value for parameter in named)
