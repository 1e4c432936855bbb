"""Every repair rule there is. A new family is a module with a rule function and a line here."""

from autodev.repair.rules.guard import guard
from autodev.repair.rules.rule import Rule
from autodev.repair.rules.tolerate import tolerate

RULES: tuple[Rule, ...] = (guard, tolerate)
