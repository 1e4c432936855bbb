"""Give the elements of a comprehension a name, so that it can be tested whether there are any."""

from collections.abc import Iterator
from itertools import takewhile

import libcst as cst

from autodev.repair.rules.outcomes import outcomes
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.changes import Lines, Replacement, Stage
from autodev.repair.source.comprehensions import Comprehension
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.rendering import on_one_line
from autodev.repair.source.site import Site

_RISK = 0.05


def name_collection(case: Case) -> Iterator[Fix]:
    """For comprehensions with conditions of their own, which can be empty whatever they go through."""
    site = case.fault.site
    for suspect in case.suspects:
        collection = suspect.operand
        if suspect.kind != "empty" or not isinstance(collection, Comprehension):
            continue
        text = on_one_line(site.function.text(collection))
        if text is None or _is_nested(site, collection):
            continue
        name = _plural_of_element(site.function, collection)
        elements = f"[{text}]" if isinstance(collection, cst.GeneratorExp) else text
        for outcome in outcomes(site):
            yield Fix(
                operator="name and test",
                description=f"{outcome.phrase} when there are no {name}.",
                changes=(
                    Lines(
                        site,
                        (
                            f"{name} = {elements}",
                            f"if not {name}:",
                            site.function.indent_unit + outcome.statement,
                        ),
                        Stage.RESULT,
                    ),
                    Replacement(site.function.whole_span(collection), name),
                ),
                risk=_RISK + suspect.doubt + outcome.risk,
                shortens=outcome.shortens,
            )


def _is_nested(site: Site, collection: cst.BaseExpression) -> bool:
    """Whether it stands inside of what is evaluated many times or later, so that it can't stand before."""
    inside = takewhile(lambda outer: outer is not site.block, site.function.ancestors(collection))
    return any(isinstance(outer, Comprehension | cst.Lambda) for outer in inside)


def _plural_of_element(function: FunctionSource, collection: Comprehension) -> str:
    """`delays` of `float(row["delay"]) for …` and of `row.delay for …`, else `values`."""
    taken = {node.value for node in function.nodes if isinstance(node, cst.Name)}
    element = collection.key if isinstance(collection, cst.DictComp) else collection.elt
    for word in _words(function, element):
        plural = word if word.endswith("s") else f"{word}s"
        if plural.isidentifier() and plural not in taken:
            return plural
    return "values" if "values" not in taken else "found_values"


def _words(function: FunctionSource, element: cst.BaseExpression) -> Iterator[str]:
    for node in function.walk(element):
        match node:
            case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=cst.SimpleString() as key))]):
                value = key.evaluated_value
                if isinstance(value, str):
                    yield value
            case cst.Attribute(attr=cst.Name(value=name)) if not isinstance(function.parent(node), cst.Call):
                yield name
