"""Hostile programs of our own that prove each promised control before anything else may run."""

from autodev.sandbox.canary.control import ControlResult
from autodev.sandbox.canary.prove import examine, prove
from autodev.sandbox.canary.remembered import prove_unless_lately
from autodev.sandbox.canary.report import CapabilityReport

__all__ = ["CapabilityReport", "ControlResult", "examine", "prove", "prove_unless_lately"]
