"""An agent that keeps using skills which fail one time in three, and says when it runs a repaired version.

    python -m benchmarks.loop.agent MODULE SKILLS

It says `ready`, waits for a line on its standard input, and works until that ends.
"""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Final

import autodev
from benchmarks.loop.messages import Failed, Loaded, Message, Ready
from benchmarks.loop.skills import row

CALLS_PER_SECOND: Final = 10
"""Of each skill."""
READY_SECONDS: Final = 60.0


def main() -> None:
    skills = _skills(Path(sys.argv[1]), int(sys.argv[2]))
    autodev.on_promotion(_loaded)
    if not autodev.ready(READY_SECONDS):
        raise SystemExit(f"not connected within {READY_SECONDS:.0f} s: see the warnings above")
    _say(Ready())
    sys.stdin.readline()
    ended = threading.Event()
    threading.Thread(target=_wait_for_end, args=(ended,), daemon=True).start()
    _work(skills, ended)


def _work(skills: dict[str, Callable[[object], object]], ended: threading.Event) -> None:
    began = monotonic()
    for call in count():
        for name, skill in skills.items():
            fails = call % 3 == 2
            if call == 2:
                _say(Failed(skill=name, at=datetime.now(UTC)))
            with suppress(Exception):  # failing is what these are for, and the SDK has recorded it
                skill(row(call, fails=fails))
        if ended.wait(max(0.0, began + (call + 1) / CALLS_PER_SECOND - monotonic())):
            return


def _skills(path: Path, number: int) -> dict[str, Callable[[object], object]]:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # the SDK finds a skill's source through its module
    spec.loader.exec_module(module)
    return {name: getattr(module, name) for name in (f"skill_{each}" for each in range(number))}


def _wait_for_end(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


def _loaded(change: autodev.VersionChange) -> None:
    if change.version is not None:
        _say(Loaded(skill=change.skill, at=change.loaded_at))


_saying = threading.Lock()


def _say(message: Message) -> None:
    with _saying:  # promotions are told on another thread
        sys.stdout.write(message.model_dump_json() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
