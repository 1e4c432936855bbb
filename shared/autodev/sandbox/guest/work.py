"""In a fork: load the module, call it or check its property, and describe each outcome as JSON."""

from __future__ import annotations

import _json
import sys
from posix import _exit, getpid

from autodev import values
from autodev.sandbox.guest.module import MODULE_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:  # every import is paid at each start
    from collections.abc import Callable, Sequence
    from typing import Any

    from autodev.sandbox.guest.job import Mode, Task
    from autodev.sandbox.guest.module import CompiledProgram
    from autodev.sandbox.guest.stub import Declared

_MESSAGE_LIMIT = 4_000
_NAME_LIMIT = 200
_STATEMENT_LIMIT = 500
_FRAMES_AT_EACH_END = 25


def perform(
    program: CompiledProgram, mode: Mode, tasks: Sequence[Task], deliver: Callable[[bytes], None], largest: int
) -> None:
    """Load the program once, and deliver for each task what it returned or raised, or what its check said.

    `largest`: bytes of an answer. One that is larger is not encoded, if that is plain before.
    """
    encode = json_encoder()
    process = getpid()
    try:
        skill = program.load()
    except BaseException as error:  # noqa: BLE001 - SystemExit and KeyboardInterrupt are outcomes too
        _end_of_copy(process, error)
        broken = encode(_raised(error, program))
        _flush()
        for _ in tasks:
            deliver(broken)
        return
    for task in tasks:
        try:
            outcome = _outcome(skill, mode, task, largest)
        except BaseException as error:  # noqa: BLE001
            _end_of_copy(process, error)
            outcome = _raised(error, program)
        _end_of_copy(process)
        _flush()
        deliver(encode(outcome) if outcome is not None else bytes(largest + 1))


def _end_of_copy(process: int, error: BaseException | None = None) -> None:
    """A process that the program forked and that comes to the program's end ends there: the answer is its parent's."""
    if getpid() == process:
        return
    _flush()
    code = error.code if isinstance(error, SystemExit) else 1 if error else 0
    _exit((code & 0xFF) if isinstance(code, int) else 1 if code else 0)


def json_encoder() -> Callable[[Any], bytes]:
    """JSON, by what `json` itself uses: the package around it would take half of the start."""
    # In their order: markers, default, string encoder, indent, two separators, sort_keys, skipkeys, allow_nan.
    settings: Any = (None, None, _json.encode_basestring_ascii, None, ":", ",", False, False, False)
    encoder = _json.make_encoder(*settings)
    return lambda document: "".join(encoder(document, 0)).encode()


def _outcome(skill: Declared, mode: Mode, task: Task, largest: int) -> dict[str, Any] | None:
    """None if it is larger than `largest`, which here is seen of texts alone."""
    args = [values.decode(argument) for argument in task.args]
    kwargs = {name: values.decode(argument) for name, argument in task.kwargs.items()}
    if mode == "property":
        return _check(skill.ensures, values.decode(task.result), args, kwargs)
    result = _settled(skill.function(*args, **kwargs))
    if type(result) in (str, bytes, bytearray) and len(result) > largest:
        return None
    return {"kind": "returned", "value": values.encode(result)}


def _check(check: Callable[..., Any] | None, result: Any, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    if check is None:
        return {"kind": "absent"}
    refusal = f"{getattr(check, '__name__', 'the property check')} does not hold for the result"
    try:
        held = bool(check(result, *args, **kwargs))
    except AssertionError as violation:
        return {"kind": "violated", "message": _text(violation) or refusal}
    return {"kind": "held"} if held else {"kind": "violated", "message": refusal}


def _settled(result: Any) -> Any:
    """The result of a coroutine function is what its coroutine returns."""
    if not hasattr(type(result), "__await__"):
        return result
    import asyncio

    async def awaited() -> Any:
        return await result

    return asyncio.run(awaited())


def _raised(error: BaseException, program: CompiledProgram) -> dict[str, Any]:
    kind = type(error)
    # The agent's module has another name than ours, so a class of its own goes by its own name alone.
    own = kind.__module__ in ("builtins", MODULE_NAME)
    return {
        "kind": "raised",
        "type": _printable(kind.__qualname__ if own else f"{kind.__module__}.{kind.__qualname__}")[:_NAME_LIMIT],
        "message": _text(error),
        "frames": _frames(error, program),
    }


def _frames(error: BaseException, program: CompiledProgram) -> list[list[str]]:
    """Function and line of each frame in the skill's own source, outermost first; of many, the first and the last."""
    lines_of = {name: source.split("\n") for name, source in program.sources.items()}
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename in lines_of:
            places.append((code.co_name, code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    if len(places) > 2 * _FRAMES_AT_EACH_END:
        places = places[:_FRAMES_AT_EACH_END] + places[-_FRAMES_AT_EACH_END:]
    return [
        [_printable(function)[:_NAME_LIMIT], _printable(_line(lines_of[file], number).strip())[:_STATEMENT_LIMIT]]
        for function, file, number in places
    ]


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _text(value: object) -> str:
    try:
        return _printable(str(value))[:_MESSAGE_LIMIT]
    except BaseException as error:  # noqa: BLE001 - the guest's own __str__
        return f"<no text: {type(error).__name__}>"


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # noqa: BLE001, S112 - the guest may have put anything there
            continue
