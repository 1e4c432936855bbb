"""What a guest's module is given beside its own text: two entrypoints that count steps. Text, never run here.

Lines are counted, so that an endless loop ends after milliseconds by its steps and not after a fifth of a second by
its time, on a busy machine as on an idle one. What these say is a guest's word, like all a guest says.

A generator's answer is the list of what it yields.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

SEARCHED: Final = "_autodev_searched"
TRACED: Final = "_autodev_traced"
TOO_MANY: Final = "_AutodevTooManySteps"
_LISTED: Final = "_autodev_listed"

_DRIVER: Final = """

class _AutodevTooManySteps(BaseException):
    pass


def _autodev_stepped(limit, lines, function, args, kwargs):
    import sys

    here = _autodev_stepped.__code__.co_filename
    own = {"_autodev_stepped", "_autodev_searched", "_autodev_traced"}
    left = [limit]

    def step(frame, event, argument):
        if event == "line":
            lines.add(frame.f_lineno)
            left[0] -= 1
            if left[0] < 0:
                raise _AutodevTooManySteps
        return step

    def enter(frame, event, argument):
        return step if frame.f_code.co_filename == here and frame.f_code.co_name not in own else None

    sys.settrace(enter)
    try:
        answer = function(*args, **kwargs)
        return list(answer) if type(answer).__name__ == "generator" else answer
    finally:
        sys.settrace(None)
        left.append(limit - left[0])
        lines.add(-left[1])


def _autodev_traced(*args, **kwargs):
    here = _autodev_stepped.__code__.co_filename
    lines = set()
    told = {"value": None, "raised": None, "frames": []}
    try:
        told["value"] = _autodev_stepped(AUTODEV_LIMIT, lines, AUTODEV_ENTRYPOINT, args, kwargs)
    except BaseException as error:
        kind = type(error)
        own = kind.__module__ in ("builtins", __name__)
        name = kind.__qualname__ if own else kind.__module__ + "." + kind.__qualname__
        try:
            message = str(error)
        except BaseException:
            message = ""
        told["raised"] = [name, message[:2000]]
        trace = error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            if code.co_filename == here and not code.co_name.startswith("_autodev_"):
                told["frames"].append([code.co_name, trace.tb_lineno])
            trace = trace.tb_next
        told["frames"] = told["frames"][:25] + told["frames"][25:][-25:]
    told["lines"] = sorted(lines)
    return told


_autodev_loaded = []


def _autodev_listed(*args, **kwargs):
    answer = AUTODEV_ENTRYPOINT(*args, **kwargs)
    return list(answer) if type(answer).__name__ == "generator" else answer


def _autodev_run(code, limit, args, kwargs):
    if not _autodev_loaded:
        exec(compile(code, _autodev_stepped.__code__.co_filename, "exec"), globals())
        _autodev_loaded.append(True)
    if not limit:
        return _autodev_listed(*args, **kwargs)
    return _autodev_stepped(limit, set(), AUTODEV_ENTRYPOINT, args, kwargs)


def _autodev_searched(*args, **kwargs):
    return AUTODEV_ENTRYPOINT(*args, **kwargs)
"""


def driven(module: str, entrypoint: str, limit: int) -> str:
    """The module's text with the driver after it, so that its lines keep their numbers.

    `limit`: of steps, for calls of `TRACED`.
    """
    return module + _DRIVER.replace("AUTODEV_ENTRYPOINT", entrypoint).replace("AUTODEV_LIMIT", str(limit))


def plain(module: str, entrypoint: str) -> tuple[str, str]:
    """The module's text and what to call, for a run that counts: its own, or for a generator one that lists it."""
    if not _yields(module, entrypoint):
        return module, entrypoint
    listed = f"\n\ndef {_LISTED}(*args, **kwargs):\n    return list({entrypoint}(*args, **kwargs))\n"
    return module + listed, _LISTED


def _yields(module: str, entrypoint: str) -> bool:
    for statement in ast.parse(module).body:
        if isinstance(statement, ast.FunctionDef) and statement.name == entrypoint:
            return any(_own_yields(statement))
    return False


def _own_yields(node: ast.AST) -> Iterator[bool]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Yield | ast.YieldFrom):
            yield True
        elif not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield from _own_yields(child)


def replacement(code: str, limit: int) -> str:
    """For `SEARCHED`: calls the entrypoint after `code` was executed in its module. `limit` 0: steps aren't counted."""
    return f"def {SEARCHED}(*args, **kwargs):\n    return _autodev_run({code!r}, {limit}, args, kwargs)\n"
