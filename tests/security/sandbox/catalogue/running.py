"""Runs hostile programs, several at a time, and remembers what became of each."""

from __future__ import annotations

import asyncio
import inspect
import secrets
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from autodev import values
from autodev.sandbox import Arguments, CallInput, Engine, Policy, Program, RunReport
from tests.security.sandbox.catalogue.hostile import Hostile
from tests.security.sandbox.catalogue.programs import attempt

ENTRYPOINT: Final = "entered"
HONEST: Final = [[], ["HOME", "LANG", "TZ"], 42]
"""What the honest call after a hostile one returns: nothing in the scratch directory, its own environment, a result."""
AT_ONE_TIME: Final = 4
LONGEST: Final = 60.0
"""Seconds after which a run that has not come back hangs."""

_IMPORT: Final = f"from {attempt.__name__.rpartition('.')[0]} import attempt\n"
_FUTURE: Final = "from __future__ import annotations\n"
_ENTRY: Final = f"""

def {ENTRYPOINT}(name, *arguments):
    if name == "honest":
        os = __import__("os")
        return [os.listdir("/tmp"), sorted(set(os.environ) - set(["PWD"])), 40 + 2]
    return globals()[name](*arguments)
"""


@dataclass
class Observed:
    """What became of one program: a hostile call, then an honest one in the same isolation."""

    report: RunReport | None = None
    error: BaseException | None = None
    left: list[str] = field(default_factory=list)
    """Processes of it that were still there when the run had come back."""


def new_mark() -> str:
    return f"hostile-{secrets.token_hex(3)}"


def source_of(hostile: Hostile, mark: str) -> str:
    """The program's module, with `attempt` in it, whose processes bear `mark` for the host to see."""
    module = sys.modules[hostile.program.__module__]
    named = f"import ctypes\nMARK = {mark!r}\nctypes.CDLL(None).prctl(15, MARK.encode(), 0, 0, 0)\n"
    text = inspect.getsource(attempt).replace('MARK = ""\n', named)
    put_in = f"import types; attempt = types.ModuleType('attempt'); exec({text!r}, attempt.__dict__)\n"
    source = inspect.getsource(module)
    assert source.count(_IMPORT) == 1, f"{module.__name__} does not import attempt as all programs do"
    return source.replace(_IMPORT, put_in) + _ENTRY


def processes_bearing(mark: str) -> list[str]:
    """Names and states of the host's processes that bear `mark`, in their name or on their command line."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            name = (process / "comm").read_text().strip()
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if state != "Z" and (name == mark or mark.encode() in command):
            found.append(f"{process.name} {name} {state}")
    return found


async def run(engine: Engine, hostile: Hostile, policy: Policy | None = None) -> Observed:
    """The hostile call and the honest one after it."""
    mark = new_mark()
    calls = [
        CallInput("hostile", _arguments(hostile.program.__name__, *hostile.arguments)),
        CallInput("honest", _arguments("honest")),
    ]
    observed = Observed()
    try:
        running = engine.run(Program(source_of(hostile, mark), ENTRYPOINT), calls, policy or hostile.policy)
        observed.report = await asyncio.wait_for(running, LONGEST)
    except Exception as error:  # noqa: BLE001 - the test tells
        observed.error = error
    observed.left = processes_bearing(mark)
    return observed


async def run_all(engine: Engine, hostiles: Iterable[Hostile]) -> Mapping[str, Observed]:
    """By name. Those that measure time run when the others are done."""
    everything = list(hostiles)
    found: dict[str, Observed] = {}
    places = asyncio.Semaphore(AT_ONE_TIME)

    async def run_one(hostile: Hostile) -> None:
        async with places:
            found[hostile.name] = await run(engine, hostile)

    await asyncio.gather(*(run_one(each) for each in everything if not each.alone))
    for each in everything:
        if each.alone:
            await run_one(each)
    return found


def _arguments(*arguments: object) -> Arguments:
    return Arguments(args=tuple(map(values.encode, arguments)))
