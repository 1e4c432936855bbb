"""Programs that share an isolation: each can spoil its own calls, and nothing of another's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from autodev import values
from autodev.sandbox import Arguments, CallInput, Engine, Policy, Program, RunReport, Verdict
from tests.security.sandbox.attacks import HASTY, POLICY, returned

pytestmark = pytest.mark.isolation

MODULE = """
import builtins, contextlib, json, os, resource, signal, sys, time
from pathlib import Path

FACTOR = 10
loaded = [0]

def times(number):
    return number * FACTOR
"""
HONEST = "def times(number):\n    return number * FACTOR\n"
RIGHT = [0, 10, 20]


def attacking(statements: str) -> str:
    """A program that attacks in its first call, and then answers as an honest one."""
    body = "\n".join(f"        {line}" for line in statements.strip().splitlines())
    return f"def times(number):\n    global FACTOR\n    if number == 0:\n{body}\n    return number * FACTOR\n"


async def search(engine: Engine, *replacements: str | None, policy: Policy = POLICY) -> Sequence[RunReport]:
    calls = [CallInput(str(number), Arguments(args=(number,))) for number in range(3)]
    return await engine.search(MODULE, "times", replacements, calls, policy)


def answers(report: RunReport) -> list[Any]:
    return [returned(facts) for facts in report.calls]


def verdicts(report: RunReport) -> list[Verdict]:
    return [facts.verdict for facts in report.calls]


async def test_each_program_answers_every_call_with_its_own_function(engine: Engine) -> None:
    reports = await search(engine, None, "def times(number):\n    return -number\n", HONEST)

    assert [answers(report) for report in reports] == [RIGHT, [0, -1, -2], RIGHT]
    assert [report.verdict for report in reports] == [Verdict.OK] * 3


async def test_the_module_is_loaded_once_for_all_calls_of_a_program(engine: Engine) -> None:
    counting = "def times(number):\n    loaded[0] += 1\n    return loaded[0]\n"

    reports = await search(engine, counting, counting)

    assert [answers(report) for report in reports] == [[1, 2, 3]] * 2


async def test_every_call_gets_arguments_of_its_own(engine: Engine) -> None:
    source = "kept = []\ndef grow(items):\n    items.append(1)\n    kept.append(items)\n    return len(items)\n"
    calls = [CallInput(str(index), Arguments(args=([],))) for index in range(3)]

    (report,) = await engine.search(source, "grow", [None], calls, POLICY)

    assert answers(report) == [1, 1, 1]


@pytest.mark.parametrize(
    "attack",
    [
        "builtins.int = builtins.range = builtins.len = None",
        "FACTOR = 0",
        "loaded[0] = 1; sys.modules[__name__].FACTOR = 0",
        "sys.modules.clear()",
        "json.JSONEncoder.encode = lambda *_: 'poisoned'",
        "os.write = os._exit = os.fork = None",
        "os.chdir('/'); os.environ.clear(); os.umask(0o777)",
        "Path('/tmp/left').write_text('x'); os.chmod('/tmp', 0)",
        "[os.symlink('/dev/zero', f'/tmp/{number}') for number in range(100)]",
        "signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())",
        "os.fork() or (os.setsid(), [os.close(fd) for fd in range(3)], time.sleep(60))",
        "[os.fork() or time.sleep(60) for _ in range(6)]",
        "os.kill(1, signal.SIGKILL); os.kill(1, signal.SIGSTOP)",
        "[os.write(fd, b'x' * 50) for fd in range(4, 256) if os.path.exists(f'/proc/self/fd/{fd}')]",
        *(
            f"with contextlib.suppress(PermissionError): resource.prlimit(1, resource.RLIMIT_{name}, (0, 0))"
            for name in ("AS", "CPU", "FSIZE", "NOFILE", "NPROC", "STACK")
        ),
        "with contextlib.suppress(PermissionError): os.setpriority(os.PRIO_USER, 0, 19)",
        "with contextlib.suppress(PermissionError): os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0))",
        "bytearray(100 << 20)",
        "sys.setrecursionlimit(10**9); (lambda f: f(f))(lambda f: f(f))",
    ],
)
async def test_what_one_program_does_reaches_no_other(engine: Engine, attack: str) -> None:
    before, _, after, unmodified = await search(engine, HONEST, attacking(attack), HONEST, None)

    assert [answers(report) for report in (before, after, unmodified)] == [RIGHT] * 3


@pytest.mark.parametrize(
    ("attack", "verdict"),
    [
        ("while True: pass", Verdict.WALL_TIMEOUT),
        ("time.sleep(60)", Verdict.WALL_TIMEOUT),
        ("os.kill(os.getpid(), signal.SIGSTOP)", Verdict.WALL_TIMEOUT),
        ("os.kill(os.getpid(), signal.SIGKILL)", Verdict.KILLED_BY_SIGNAL),
        ("os.abort()", Verdict.KILLED_BY_SIGNAL),
        ("os._exit(0)", Verdict.NO_RESULT),
        ("os._exit(1)", Verdict.NO_RESULT),
        ("os.close(3)", Verdict.NO_RESULT),
        ("os.write(3, b'\\0\\0\\0')\nos._exit(0)", Verdict.PROTOCOL_ERROR),
        ("os.write(3, b'\\xff' * 8)", Verdict.PROTOCOL_ERROR),
        ("while True: os.write(1, b'x' * 4096)", Verdict.OUTPUT_LIMIT),
    ],
)
async def test_a_program_that_ends_early_loses_its_own_calls_only(
    engine: Engine, attack: str, verdict: Verdict
) -> None:
    before, ended, after = await search(engine, HONEST, attacking(attack), HONEST, policy=HASTY)

    assert verdicts(ended) == [verdict, Verdict.NO_RESULT, Verdict.NO_RESULT]
    assert [answers(report) for report in (before, after)] == [RIGHT] * 2


async def test_what_a_program_answered_before_its_end_is_kept(engine: Engine) -> None:
    (report,) = await search(engine, "def times(number):\n    return number * FACTOR if number < 2 else os._exit(0)\n")

    assert verdicts(report) == [Verdict.OK, Verdict.OK, Verdict.NO_RESULT]


async def test_answers_that_no_call_asked_for_are_refused(engine: Engine) -> None:
    answer = b'{"kind":"returned","value":1000}'
    written = len(answer).to_bytes(4) + answer
    forging = f"def times(number):\n    os.write(3, {written!r})\n    return 1000\n"

    forger, other = await search(engine, forging, HONEST)

    assert Verdict.PROTOCOL_ERROR in verdicts(forger)
    assert answers(other) == RIGHT


async def test_a_program_has_no_more_time_than_a_run(engine: Engine) -> None:
    hasty = POLICY.model_copy(update={"wall_seconds": 2.0, "call_seconds": 1.9})

    slow, other = await search(engine, "def times(number):\n    time.sleep(1.2)\n    return 1\n", HONEST, policy=hasty)

    assert verdicts(slow) == [Verdict.OK, Verdict.WALL_TIMEOUT, Verdict.NO_RESULT]
    assert answers(other) == RIGHT


@pytest.mark.parametrize(
    "replacement", ["def times(number", "(" * 500, "def times(number): return " + "-" * 200_000 + "1", "\ud800"]
)
async def test_a_replacement_that_breaks_the_compiler_breaks_no_other(engine: Engine, replacement: str) -> None:
    broken, other = await search(engine, replacement, HONEST)

    assert Verdict.OK not in verdicts(broken)
    assert answers(other) == RIGHT


async def test_a_module_that_does_not_load_fails_every_call_of_every_program(engine: Engine) -> None:
    calls = [CallInput(str(number), Arguments()) for number in range(2)]

    reports = await engine.search("raise SystemExit(0)", "times", [None, HONEST], calls, POLICY)

    assert [verdicts(report) for report in reports] == [[Verdict.GUEST_ERROR] * 2] * 2


async def test_a_search_for_nothing_or_with_nothing_is_empty(engine: Engine) -> None:
    assert await search(engine) == []
    (report,) = await engine.search(MODULE, "times", [HONEST], [], POLICY)
    assert (report.verdict, report.calls) == (Verdict.OK, ())


async def test_behaviour_that_depends_on_company_shows_when_the_program_runs_alone(engine: Engine) -> None:
    """Why only a run alone proves anything: here the calls of one program, sharing state, help each other."""
    cheat = "def times(number):\n    loaded[0] += 1\n    return number * FACTOR if loaded[0] > number else None\n"
    calls = [CallInput(str(number), Arguments(args=(values.encode(number),))) for number in range(3)]

    (together,) = await search(engine, cheat)
    alone = await engine.run(Program(MODULE, "times", cheat), calls, POLICY)

    assert answers(together) == RIGHT
    assert answers(alone) == [0, None, None]


async def test_a_program_that_answers_more_than_its_share_loses_the_rest_of_its_own_calls(engine: Engine) -> None:
    policy = POLICY.model_copy(update={"result_bytes": 4_096, "search_result_bytes": 8_192})
    talkative = "def times(number):\n    return 'x' * 3_000\n"

    loud, honest = await search(engine, talkative, HONEST, policy=policy)

    assert verdicts(loud) == [Verdict.OK, Verdict.OUTPUT_LIMIT, Verdict.NO_RESULT]
    assert "share of a search's 8192" in loud.calls[1].message
    assert answers(honest) == RIGHT


async def test_one_result_of_the_size_allowed_always_fits(engine: Engine) -> None:
    policy = POLICY.model_copy(update={"result_bytes": 4_096, "search_result_bytes": 1_024})

    [report] = await engine.search(
        MODULE,
        "times",
        ["def times(number):\n    return 'x' * 3_000\n"],
        [CallInput("1", Arguments(args=(1,)))],
        policy,
    )

    assert verdicts(report) == [Verdict.OK]
