"""Look a key up without insisting on it: `get`, `setdefault`, or `get` and a guard on its answer."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.diagnosis.suspect import Suspect
from autodev.repair.rules.outcomes import outcomes
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.changes import Replacement
from autodev.repair.source.function import FunctionSource, Span
from autodev.repair.source.rendering import rendered, rendered_key
from autodev.repair.source.site import Site

_GET = 0.06
_GET_DEFAULT = 0.3
_COUNTER = 0.0


def lookup(case: Case) -> Iterator[Fix]:
    """For each subscript whose key was missing, by what its value is used for."""
    for suspect in case.suspects:
        if suspect.kind == "key" and isinstance(suspect.failing, cst.Subscript):
            yield from _fixes(case.fault.site, suspect, suspect.failing)


def _fixes(site: Site, suspect: Suspect, failing: cst.Subscript) -> Iterator[Fix]:
    function = site.function
    mapping, wanted = rendered(function, failing.value), rendered_key(function, failing)
    if mapping is None or wanted is None:
        return
    parent = function.parent(failing)
    match parent:
        case cst.AugAssign(target=target, operator=operator, value=value) if target is failing:
            sign = function.text(operator).strip().removesuffix("=")
            text = f"{mapping}[{wanted}] = {mapping}.get({wanted}, 0) {sign} {function.text(value)}"
            yield _fix("count from zero", f"Count from 0 when {wanted} is new.", function, parent, text, _COUNTER)
            return
        case cst.AssignTarget() | cst.Del():
            return
    for default, risk in _defaults(function, failing):
        call = f"{mapping}.get({wanted}, {default})" if default else f"{mapping}.get({wanted})"
        description = f"Use {default or 'None'} when {wanted} is not in {mapping}."
        yield _fix("get", description, function, failing, call, risk + suspect.doubt)
    match parent:
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]):
            yield from _get_then_guard(site, failing, f"{mapping}.get({wanted})", name, suspect.doubt)
        case cst.Attribute(attr=cst.Name(value=method)) if method in ("append", "extend", "add", "update"):
            empty = {"add": "set()", "update": "{}"}.get(method, "[]")
            text = f"{mapping}.setdefault({wanted}, {empty})"
            description = f"Start from {empty} when {wanted} is new."
            yield _fix("start from empty", description, function, failing, text, _COUNTER)


def _get_then_guard(site: Site, failing: cst.BaseExpression, call: str, name: str, doubt: float) -> Iterator[Fix]:
    function, block = site.function, site.block
    if not isinstance(block, cst.SimpleStatementLine) or len(block.body) != 1:
        return
    span = function.span(block)
    indentation = function.slice(function.encoded.rfind(b"\n", 0, span.start) + 1, span.start)
    for outcome in outcomes(site):
        guard = f"\n{indentation}if {name} is None:\n{indentation}{function.indent_unit}{outcome.statement}"
        yield Fix(
            operator="get and guard",
            description=f"{outcome.phrase} when {call} finds nothing.",
            changes=(Replacement(function.span(failing), call), Replacement(Span(span.end, span.end), guard)),
            risk=_GET + doubt + outcome.risk,
            shortens=outcome.shortens,
        )


def _defaults(function: FunctionSource, failing: cst.BaseExpression) -> Iterator[tuple[str, float]]:
    """The value that fits what is done with it; an empty text of source means `get` without default."""
    match function.parent(failing):
        case cst.Subscript() | cst.Attribute(attr=cst.Name(value="get" | "items" | "keys" | "values")):
            yield "{}", _GET_DEFAULT
        case cst.Attribute():
            yield '""', _GET_DEFAULT
        case cst.For() | cst.CompFor():
            yield "[]", _GET
        case cst.BinaryOperation() | cst.AugAssign() | cst.Comparison() | cst.UnaryOperation():
            yield "0", _GET_DEFAULT
        case cst.Arg():
            yield "", _GET_DEFAULT
            yield "0", _GET_DEFAULT + 0.1
        case _:
            yield "", _GET
            yield "0", _GET_DEFAULT


def _fix(operator: str, description: str, function: FunctionSource, node: cst.CSTNode, text: str, risk: float) -> Fix:
    return Fix(operator, description, (Replacement(function.span(node), text),), risk)
