"""How an expression is written again elsewhere, with the parentheses that the place needs."""

import libcst as cst

from autodev.repair.source.function import FunctionSource

_LOOSE = (
    cst.Tuple,
    cst.GeneratorExp,
    cst.BooleanOperation,
    cst.Comparison,
    cst.IfExp,
    cst.Lambda,
    cst.NamedExpr,
    cst.Yield,
)
_ONCE = (cst.Await, cst.Yield, cst.NamedExpr)
# Places that take a conditional expression without parentheses.
_ROOMY = (
    cst.Arg, cst.Assign, cst.AnnAssign, cst.AugAssign, cst.Return, cst.Expr, cst.Element, cst.DictElement,
    cst.Index, cst.If, cst.While, cst.FormattedStringExpression, cst.ListComp, cst.SetComp, cst.GeneratorExp,
    cst.DictComp, cst.Assert, cst.NamedExpr,
)  # fmt: skip


def rendered(function: FunctionSource, node: cst.BaseExpression) -> str | None:
    """The expression on one line, safe to stand in a comparison; None when it can't be written again."""
    if any(isinstance(inner, _ONCE) for inner in function.walk(node)):
        return None
    text = on_one_line(function.text(node))
    if text is None:
        return None
    loose = isinstance(node, _LOOSE) or (isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not))
    return f"({text})" if loose else text


def rendered_key(function: FunctionSource, subscript: cst.Subscript) -> str | None:
    """What is between the brackets as one expression: `(a, b)` of `d[a, b]`; None for a slice."""
    keys = [element.slice.value for element in subscript.slice if isinstance(element.slice, cst.Index)]
    texts = [text for key in keys if (text := rendered(function, key)) is not None]
    if len(texts) != len(subscript.slice):
        return None
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def on_one_line(text: str) -> str | None:
    """The expression's text with its line breaks removed, None where that would change it."""
    if "\n" not in text:
        return text
    if "#" in text or '"""' in text or "'''" in text or "\\\n" in text:
        return None
    joined = " ".join(line.strip() for line in text.splitlines())
    for opening, closing in ("()", "[]", "{}"):
        joined = joined.replace(f"{opening} ", opening).replace(f", {closing}", closing)
        joined = joined.replace(f" {closing}", closing)
    return joined


def takes_conditional(function: FunctionSource, node: cst.BaseExpression) -> bool:
    """Whether `a if b else c` can stand in the expression's place without parentheses."""
    return bool(node.lpar) or isinstance(function.parent(node), _ROOMY)
