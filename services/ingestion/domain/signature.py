"""The failure signature: what makes two failures the same problem.

Exception type, functions of the innermost frames with the text of the failing statement, the skill, and the message
with its literals removed. Never line numbers: a fix moves them.
"""

from __future__ import annotations

import re

from autodev.events.models.call import Call, Raised, SkillRef
from autodev.ids import sha256

FRAMES = 3
LENGTH = 16
WRONG_VALUE = "WrongValue"
PROPERTY_VIOLATED = "PropertyViolated"

_QUOTED = re.compile(r"'(?:[^'\\]|\\.){0,4000}+'|\"(?:[^\"\\]|\\.){0,4000}+\"")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")
_NUMBER = re.compile(r"(?<![A-Za-z_])-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_TRACEBACK_FRAME = re.compile(
    r'^  File ".*", line \d+, in (?P<function>\S+)\n(?:    (?P<statement>.*)\n)?', re.MULTILINE
)
_TRACEBACK_ERROR = re.compile(r"^(?P<type>[A-Za-z_][\w.]*)(?:: (?P<message>.*))?$")


def without_literals(message: str) -> str:
    """`message` with quoted text, addresses and numbers replaced, which differ from call to call."""
    return _NUMBER.sub("#", _ADDRESS.sub("@", _QUOTED.sub("?", message)))


def call_signature(skill: SkillRef | None, call: Call, violation: str | None) -> tuple[str, str]:
    """(signature, error type) of a failed call: it raised, broke its property, or gave a wrong answer."""
    name = skill.name if skill else call.entrypoint
    if isinstance(call.outcome, Raised):
        raised = call.outcome
        functions = [frame.function for frame in raised.frames[-FRAMES:]]
        statement = raised.frames[-1].statement if raised.frames else ""
        return _digest(raised.type, *functions, statement, name, without_literals(raised.message)), raised.type
    if violation is not None:
        return _digest(PROPERTY_VIOLATED, name, call.entrypoint, without_literals(violation)), PROPERTY_VIOLATED
    return _digest(WRONG_VALUE, name, call.entrypoint), WRONG_VALUE


def trace_signature(error_trace: str) -> tuple[str, str] | None:
    """(signature, error type) of a Python traceback in words; None if it is none."""
    lines = error_trace.strip().splitlines()
    error = _TRACEBACK_ERROR.match(lines[-1]) if lines else None
    frames = list(_TRACEBACK_FRAME.finditer(error_trace))
    if error is None or not frames:
        return None
    functions = [frame["function"] for frame in frames[-FRAMES:]]
    statement = (frames[-1]["statement"] or "").strip()
    return _digest(error["type"], *functions, statement, without_literals(error["message"] or "")), error["type"]


def _digest(*parts: str) -> str:
    return sha256("\x1f".join(parts))[:LENGTH]
