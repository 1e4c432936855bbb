"""Results that would do something to whoever reads them."""

from __future__ import annotations

import os
import sys
import time
from typing import Any, NoReturn

from tests.security.sandbox.catalogue.programs import attempt


class HostileError(Exception):
    def __str__(self) -> str:
        return "\ud800\x00\x1b[2J" + "x" * 10_000_000


def delivered(payload: bytes) -> NoReturn:
    """The answer of this call, written by hand."""
    attempt.deliver(payload)
    os._exit(0)


def unframed(data: bytes) -> NoReturn:
    attempt.write_all(attempt.RESULT_FD, data)
    os._exit(0)


def closed_channel() -> int:
    os.close(attempt.RESULT_FD)
    return 5


def channel_is_stdout() -> int:
    os.dup2(attempt.RESULT_FD, 1)
    os.write(1, b"text")
    return 5


def channel_is_a_file() -> int:
    os.dup2(os.open("/tmp/result", os.O_RDWR | os.O_CREAT), attempt.RESULT_FD)
    return 5


def two_answers() -> int:
    attempt.deliver(b'{"kind":"returned","value":1000}')
    return 5


def answer_of_a_child() -> int:
    """A child answers for its parent, and first."""
    if os.fork() == 0:
        attempt.deliver(b'{"kind":"returned","value":1000}')
        os._exit(0)
    os.wait()
    return 5


def flood_of_answers() -> NoReturn:
    while True:
        attempt.deliver(b'{"kind":"returned","value":1}' * 1_000)


def large() -> list[str]:
    return ["x" * 200_000] * 20


def huge_integer() -> int:
    sys.set_int_max_str_digits(0)
    return 10**1_000_000


def deep() -> list[Any]:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    return nested


def cyclic() -> list[Any]:
    cycle: list[Any] = []
    cycle.append(cycle)
    return cycle


def numbers_beyond_json() -> list[float]:
    return [float("nan"), float("inf"), -float("inf"), -0.0]


def object_with_hostile_methods() -> Any:
    class Hostile:
        @property  # type: ignore[misc]
        def __class__(self) -> Any:
            return dict

        def __repr__(self) -> str:
            return "A" * 10_000_000

        def __eq__(self, _: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 0

        def __reduce__(self) -> Any:
            return os._exit, (0,)

    return Hostile()


def object_that_never_shows_itself() -> Any:
    class Endless:
        def __repr__(self) -> str:
            time.sleep(60)
            return ""

    return Endless()


def subclasses_that_lie() -> Any:
    class Text(str):
        def encode(self, *_: Any, **__: Any) -> bytes:
            return b'"},"kind":"returned","value":"forged"'

        def __repr__(self) -> str:
            raise SystemExit(0)

    class Many(dict[Any, Any]):
        def items(self) -> Any:
            while True:
                yield "x", 1

    return [Text("text"), Many(a=1)]


def tags_of_the_codec() -> Any:
    """Data that looks like what the codec writes."""
    return {"$tuple": [1, 2], "$bytes": "!!!", "$unencodable": {"type": "x", "repr": "y"}, "$": 1}


def lone_surrogates() -> list[str]:
    return ["\ud800", "\udfff\x00", "\ufeff", "\u202e"]


def awaitable_that_dies() -> Any:
    class Awaited:
        def __await__(self) -> Any:
            yield os.abort()

    return Awaited()


def exception_without_a_name() -> NoReturn:
    class Nameless(type):
        def __getattribute__(cls, name: str) -> Any:
            raise SystemExit(name)

    raise Nameless("x", (Exception,), {})("text")


def exception_with_a_hostile_text() -> NoReturn:
    raise HostileError


def exception_that_exits_as_text() -> NoReturn:
    class LeavingError(Exception):
        def __str__(self) -> str:
            os._exit(0)

    raise LeavingError


def exception_that_is_a_verdict() -> NoReturn:
    """Accuses itself of nothing: an exception of the guest's is named by the guest."""
    raise type("wall_timeout", (Exception,), {"__module__": "autodev.sandbox"})("verdict: ok")


def interrupt() -> NoReturn:
    raise KeyboardInterrupt


def generator_that_leaves() -> NoReturn:
    raise GeneratorExit


def endless_chain_of_causes() -> NoReturn:
    error: BaseException = ValueError("first")
    for _ in range(100_000):
        following = ValueError("next")
        following.__cause__ = error
        error = following
    raise error


def lines_that_are_not_there() -> None:
    """Frames in the module's name, at lines that it does not have."""
    code = compile("\n" * 100_000 + "1 / 0", "/skill/module.py", "exec")
    exec(code, {"__name__": "x" * 100_000})
