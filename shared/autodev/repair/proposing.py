"""From a failing function and its failures to a ranked list of edits."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from autodev.repair.canonical import fingerprint
from autodev.repair.composing import Composition, compose
from autodev.repair.diagnosis.fault import Fault, faults
from autodev.repair.diagnosis.registry import diagnose
from autodev.repair.foreseeing import with_guard_of_rest
from autodev.repair.model import Edit, Failure, Target, UnparsableSourceError
from autodev.repair.ranking import ranked, size_of
from autodev.repair.rules.registry import RULES
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.compiling import compiles
from autodev.repair.source.extraction import extract
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.rewriting import rewritten

DEFAULT_LIMIT = 40


def propose(
    target: Target,
    failures: Sequence[Failure],
    *,
    known: Collection[str] = (),
    limit: int = DEFAULT_LIMIT,
) -> tuple[Edit, ...]:
    """Edits of the entrypoint that may fix the failures, the most promising first.

    Every edit parses, keeps the signature, and differs by fingerprint from the original, from every other
    edit, and from the fingerprints in `known`. The same input gives the same edits in the same order.
    Raises UnparsableSourceError and UnsupportedTargetError.
    """
    code = extract(target)
    function = FunctionSource(code)
    compositions = compose(_fixes_by_failures(faults(function, target.entrypoint, failures)))
    seen = {fingerprint(code), *known}
    edits: list[Edit] = []
    for edit in ranked(_edits(function, compositions)):
        if len(edits) == limit:
            break
        try:
            mark = fingerprint(edit.code)
        except UnparsableSourceError:
            continue
        if mark not in seen and compiles(edit.code):
            seen.add(mark)
            edits.append(edit)
    return tuple(edits)


def _fixes_by_failures(found: Iterable[Fault]) -> list[list[Fix]]:
    """Fixes grouped by what they answer: one text at several statements is one fault with several places."""
    groups: dict[tuple[int, ...], list[Fix]] = {}
    for fault in found:
        case = Case(fault, diagnose(fault))
        fixes = groups.setdefault(tuple(map(id, fault.failures)), [])
        for rule in RULES:
            for fix in rule(case):
                fixes += (fix, *with_guard_of_rest(case, fix))
    return list(groups.values())


def _edits(function: FunctionSource, compositions: Sequence[Composition]) -> Iterator[Edit]:
    for composition in compositions:
        code, replacements = rewritten(function, composition.changes)
        yield Edit(
            code=code,
            operator=" + ".join(fix.operator for fix in composition.fixes),
            description=" ".join(fix.description for fix in composition.fixes),
            size=size_of(function, replacements),
            risk=round(composition.risk, 3),
            fixes=composition.faults,
        )
