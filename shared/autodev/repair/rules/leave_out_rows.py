"""Go through a filtered copy of the rows, so that whatever else uses the rows sees the same ones."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.diagnosis.suspect import Suspect
from autodev.repair.rules.guard import described
from autodev.repair.rules.rule import Case, Fix
from autodev.repair.source.calls import is_divided_by_count
from autodev.repair.source.changes import Lines, Stage
from autodev.repair.source.comprehensions import clauses, comprehension_of
from autodev.repair.source.gathering import gathered_from
from autodev.repair.source.names import names_read, parameters
from autodev.repair.source.site import Site

_NOT_COUNTED = 0.1


def leave_out_rows(case: Case) -> Iterator[Fix]:
    """`rows = [row for row in rows if …]` before the comprehension or loop; likely where rows are counted."""
    function = case.fault.function
    available = parameters(function.definition)
    for suspect in case.certain_suspects:
        for before, target, iterated in _loops(case, suspect):
            if not isinstance(target, cst.Name) or not isinstance(iterated, cst.Name):
                continue
            row, rows = target.value, iterated.value
            if not available.union({row}).issuperset(names_read(function, suspect.operand)):
                continue
            needless = 0.0 if is_divided_by_count(function, iterated) else _NOT_COUNTED
            for check in suspect.checks:
                yield Fix(
                    operator="leave out rows",
                    description=described("Leave out rows", [check]),
                    changes=(Lines(before, (f"{rows} = [{row} for {row} in {rows} if {check.sound}]",), Stage.VALUE),),
                    risk=check.risk + suspect.doubt + needless,
                    shortens=gathered_from(case.fault.site) | {rows},
                )


def _loops(case: Case, suspect: Suspect) -> Iterator[tuple[Site, cst.BaseExpression, cst.BaseExpression]]:
    site = case.fault.site
    comprehension = comprehension_of(site, suspect.operand)
    if comprehension is not None:
        loops = list(clauses(comprehension))
        if len(loops) == 1:
            yield site, loops[0].target, loops[0].iter
    elif isinstance(site.loop, cst.For):
        headers = (header for header in case.fault.statements if header.block is site.loop)
        yield next(headers), site.loop.target, site.loop.iter
