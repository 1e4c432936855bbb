"""A file runs as `python FILE` would run it: honest programs find what they are used to."""

from __future__ import annotations

import pytest

from autodev.sandbox import CallFacts, Engine, Verdict
from autodev.sandbox.script import run_file
from tests.security.sandbox.attacks import POLICY

pytestmark = pytest.mark.isolation
ROOMY = POLICY.model_copy(update={"memory_bytes": 256 << 20})


async def ran(engine: Engine, program: str) -> CallFacts:
    report = await run_file(engine, program, ROOMY)
    [call] = report.calls
    return call


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))) is A)", "True\n"),
        ("import __main__\nx = 5\nprint(__main__.x, __name__)", "5 __main__\n"),
        ("import sys\nprint(len(sys.argv))", "1\n"),
        ("open('beside.py', 'w').write('x = 5')\nimport beside\nprint(beside.x)", "5\n"),
        ("import atexit\natexit.register(print, 'bye')\nprint('main')", "main\nbye\n"),
        (
            (
                "import threading, time\n"
                "threading.Thread(target=lambda: (time.sleep(0.1), print('thread'))).start()\nprint('main')"
            ),
            "main\nthread\n",
        ),
        ("print('before')\nexit()\nprint('after')", "before\n"),
        ("import inspect\ndef f(): return 1\nprint(inspect.getsource(f))", "def f(): return 1\n\n"),
        ("\ufeffprint('marked')", "marked\n"),
        (
            (
                "import dataclasses, typing\n@dataclasses.dataclass\nclass A:\n    x: 'int' = 1\n"
                "print(typing.get_type_hints(A))"
            ),
            "{'x': <class 'int'>}\n",
        ),
        (
            (
                "import os, sys\nchild = os.fork()\nif child == 0:\n    sys.exit(3)\n"
                "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
            ),
            "3\n",
        ),
    ],
)
async def test_it_finds_what_it_is_used_to(engine: Engine, program: str, said: str) -> None:
    facts = await ran(engine, program)

    assert (facts.verdict, facts.stdout.text, facts.stderr.text) == (Verdict.OK, said, "")


async def test_what_it_raises_is_told_with_its_lines(engine: Engine) -> None:
    facts = await ran(engine, "def f():\n    return 1 / 0\nf()\n")

    assert facts.verdict is Verdict.GUEST_ERROR
    assert facts.stderr.text.startswith("Traceback (most recent call last):")
    assert "line 2, in f\n    return 1 / 0\n" in facts.stderr.text
    assert facts.stderr.text.endswith("ZeroDivisionError: division by zero\n")


async def test_its_own_hook_tells_what_it_raises(engine: Engine) -> None:
    facts = await ran(engine, "import sys\nsys.excepthook = lambda kind, *_: print(kind.__name__)\nraise ValueError\n")

    assert (facts.stdout.text, facts.stderr.text) == ("ValueError\n", "")


async def test_its_last_word_is_told(engine: Engine) -> None:
    facts = await ran(engine, "import sys\nsys.exit('no luck')")

    assert (facts.verdict, facts.stderr.text) == (Verdict.GUEST_ERROR, "no luck\n")


async def test_a_thread_that_never_ends_is_waited_for_until_the_deadline(engine: Engine) -> None:
    policy = ROOMY.model_copy(update={"call_seconds": 0.5})
    report = await run_file(engine, "import threading\nthreading.Thread(target=threading.Event().wait).start()", policy)

    assert report.calls[0].verdict is Verdict.WALL_TIMEOUT


async def test_children_that_come_to_the_end_answer_nothing(engine: Engine) -> None:
    facts = await ran(engine, "import os\nfor _ in range(3):\n    os.fork()\n")

    assert facts.verdict in (Verdict.OK, Verdict.PIDS_LIMIT)
