"""Text where a number was needed, because a missing value is written as text among numbers."""

from collections.abc import Iterator

import libcst as cst

from autodev.repair.diagnosis.check import missing_checks
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.observation import observed
from autodev.repair.diagnosis.operand_types import stated_operand_types
from autodev.repair.diagnosis.refusals import refused
from autodev.repair.diagnosis.suspect import Suspect, evidence, singled_out
from autodev.repair.source.changes import Stage
from autodev.repair.source.operators import operations
from autodev.repair.source.rendering import rendered

_NUMBERS = frozenset({"int", "float", "Decimal"})


def diagnose(fault: Fault) -> Iterator[Suspect]:
    """The operands on the side of the text, if the texts that were seen there are no numbers."""
    types = stated_operand_types(fault.message)
    if types is None or "str" not in (types.left, types.right) or not _NUMBERS & {types.left, types.right}:
        return
    found = [
        (operation.whole, operation.left if types.left == "str" else operation.right)
        for node in fault.site.nodes
        for operation in operations(node, types.operator)
    ]
    values = [observed(fault, operand) for _, operand in found]
    proof = [evidence(known, _is_no_number) for known in values]
    for (whole, operand), known, certain in zip(found, values, singled_out(proof), strict=True):
        text = None if isinstance(operand, cst.BaseString) else rendered(fault.function, operand)
        odd = tuple(dict.fromkeys(value for value in known if _is_no_number(value)))
        if text is not None and odd:
            checks = missing_checks(text, odd, single_quotes=fault.function.prefers_single_quotes)
            yield Suspect("mismatch", whole, operand, checks, Stage.VALUE, certain)


def _is_no_number(value: object) -> bool:
    return type(value) is str and refused("float", value)
