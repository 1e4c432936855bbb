"""Every repair rule there is. A new family is a module with a rule function and a line here."""

from autodev.repair.rules.cast import cast
from autodev.repair.rules.clamp import clamp
from autodev.repair.rules.convert import convert
from autodev.repair.rules.default import default
from autodev.repair.rules.fallback_argument import fallback_argument
from autodev.repair.rules.guard import guard
from autodev.repair.rules.guard_all import guard_all
from autodev.repair.rules.leave_out import leave_out
from autodev.repair.rules.leave_out_argument import leave_out_argument
from autodev.repair.rules.leave_out_rows import leave_out_rows
from autodev.repair.rules.lookup import lookup
from autodev.repair.rules.name_and_test import name_and_test
from autodev.repair.rules.name_collection import name_collection
from autodev.repair.rules.rule import Rule
from autodev.repair.rules.tolerate import tolerate

RULES: tuple[Rule, ...] = (
    guard,
    guard_all,
    leave_out,
    leave_out_rows,
    leave_out_argument,
    lookup,
    name_and_test,
    name_collection,
    default,
    fallback_argument,
    convert,
    cast,
    clamp,
    tolerate,
)
