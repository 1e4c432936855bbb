"""Give the answer of a call a name, so that it can be tested before it is used."""

import re
from collections.abc import Iterator

import libcst as cst

from autodev.repair.rules.outcomes import outcomes
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.calls import callee_name, is_repeatable
from autodev.repair.source.changes import Lines, Replacement, Stage
from autodev.repair.source.comprehensions import stands_before
from autodev.repair.source.rendering import on_one_line
from autodev.repair.source.site import Site

_RISK = 0.05
_NEEDLESS = 0.1
_FOUND_BY = {"get": "found", "search": "match", "fullmatch": "match", "next": "following"}
_PREFIXES = re.compile(r"^(?:get|find|load|fetch|lookup|look_up|read|full)_?(?=\w)")


def name_and_test(case: Case) -> Iterator[Fix]:
    """For calls that answered None and that are better not made twice."""
    site = case.fault.site
    for suspect in case.suspects:
        call = suspect.operand
        made = call.expression if isinstance(call, cst.Await) else call
        text = on_one_line(site.function.text(call))
        if suspect.kind != "none" or not isinstance(made, cst.Call) or text is None:
            continue
        if not stands_before(site, call):
            continue
        name = _fresh_name(site, made)
        needless = _NEEDLESS if is_repeatable(site.function, call) else 0.0
        for outcome in outcomes(site):
            yield Fix(
                operator="name and test",
                description=f"{outcome.phrase} when {text} is None.",
                changes=(
                    Lines(
                        site,
                        (
                            f"{name} = {text}",
                            f"if {name} is None:",
                            site.function.indent_unit + outcome.statement,
                        ),
                        Stage.EXISTENCE,
                    ),
                    Replacement(site.function.whole_span(call), name),
                ),
                risk=_RISK + suspect.doubt + needless + outcome.risk,
                shortens=outcome.shortens,
            )


def _fresh_name(site: Site, call: cst.Call) -> str:
    """What the call finds, after the function called: `match` of `re.match(…)`, `plane` of `find_plane(…)`."""
    callee = callee_name(call) or "value"
    name = _FOUND_BY.get(callee) or _PREFIXES.sub("", callee) or callee
    taken = {node.value for node in site.function.nodes if isinstance(node, cst.Name)}
    if name in taken and not _is_only_method(site, name):
        name = f"{name}_found" if f"{name}_found" not in taken else f"{name}_value"
    return name


def _is_only_method(site: Site, name: str) -> bool:
    """Whether the name only occurs after a dot, so that a variable of that name hides nothing."""
    return all(
        isinstance(parent := site.function.parent(node), cst.Attribute) and parent.attr is node
        for node in site.function.nodes
        if isinstance(node, cst.Name) and node.value == name
    )
