"""What a guest's module is given beside its own text: two entrypoints that count steps. Text, never run here.

Lines are counted, so that an endless loop ends after milliseconds by its steps and not after a fifth of a second by
its time, on a busy machine as on an idle one. What these say is a guest's word, like all a guest says.
"""

from __future__ import annotations

from typing import Final

SEARCHED: Final = "_autodev_searched"
TRACED: Final = "_autodev_traced"
TOO_MANY: Final = "_AutodevTooManySteps"

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
        return function(*args, **kwargs)
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


def _autodev_run(code, limit, args, kwargs):
    if not _autodev_loaded:
        exec(compile(code, _autodev_stepped.__code__.co_filename, "exec"), globals())
        _autodev_loaded.append(True)
    if not limit:
        return AUTODEV_ENTRYPOINT(*args, **kwargs)
    return _autodev_stepped(limit, set(), AUTODEV_ENTRYPOINT, args, kwargs)


def _autodev_searched(*args, **kwargs):
    return AUTODEV_ENTRYPOINT(*args, **kwargs)
"""


def driven(module: str, entrypoint: str, limit: int) -> str:
    """The module's text with the driver after it, so that its lines keep their numbers.

    `limit`: of steps, for calls of `TRACED`.
    """
    return module + _DRIVER.replace("AUTODEV_ENTRYPOINT", entrypoint).replace("AUTODEV_LIMIT", str(limit))


def replacement(code: str, limit: int) -> str:
    """For `SEARCHED`: calls the entrypoint after `code` was executed in its module. `limit` 0: steps aren't counted."""
    return f"def {SEARCHED}(*args, **kwargs):\n    return _autodev_run({code!r}, {limit}, args, kwargs)\n"
