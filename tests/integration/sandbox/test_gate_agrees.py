"""What the gate refuses, a real isolation would have reported in the same words."""

from __future__ import annotations

import pytest

from autodev.events.models.call import Arguments
from autodev.sandbox import CallInput, Policy, Program, Verdict, namespace_engine
from autodev.sandbox.gate import inspect
from services.sandbox.domain.refusals import refusal, refused

pytestmark = pytest.mark.isolation

MODULE = "def speed(x):\n    return x\n"
CALLS = [CallInput("one", Arguments(args=(1,))), CallInput("two", Arguments(args=(2,)))]
BROKEN = [
    "def speed(x:",
    "def speed(x):\n    nonlocal y\n",
    "def speed(x, x): ...",
    "def speed(x):\n\treturn 1\n        return 2",
    "return 5",
    "x = 'é\u202e",
    "\x00",
    "",
    "speed = 5",
    "@property\ndef speed(x): ...",
    "def velocity(x): ...",
    "(" * 5_000,
]


@pytest.mark.parametrize("replacement", BROKEN, ids=range(len(BROKEN)))
async def test_a_refused_replacement(replacement: str) -> None:
    finding = refusal(inspect(MODULE, "speed", replacement), imports=False)
    assert finding is not None
    told = refused(finding, [call.call_id for call in CALLS], "namespaces", Policy())
    engine = namespace_engine()
    [searched] = await engine.search(MODULE, "speed", [replacement], CALLS, Policy())
    alone = await engine.run(Program(MODULE, "speed", replacement), CALLS, Policy())
    for ran in (searched, alone):
        assert [(call.call_id, call.verdict, call.outcome) for call in ran.calls] == [
            (call.call_id, call.verdict, call.outcome) for call in told.calls
        ]


@pytest.mark.parametrize("source", ["def speed(:", "\x00", "(" * 5_000], ids=range(3))
async def test_a_refused_module(source: str) -> None:
    finding = refusal(inspect(source, "speed"), imports=False)
    assert finding is not None
    told = refused(finding, ["one", "two"], "namespaces", Policy())
    ran = await namespace_engine().run(Program(source, "speed"), CALLS, Policy())
    assert [call.outcome for call in ran.calls] == [call.outcome for call in told.calls]


@pytest.mark.parametrize("replacement", ["a" + ".b" * 50_000, "-" * 100_000 + "1"], ids=range(2))
async def test_what_is_too_complex_is_left_to_the_isolation(replacement: str) -> None:
    assert refusal(inspect(MODULE, "speed", replacement), imports=False) is None
    ran = await namespace_engine().run(Program(MODULE, "speed", replacement), CALLS, Policy())
    assert all(call.verdict is not Verdict.OK for call in ran.calls)
