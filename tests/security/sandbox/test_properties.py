"""A skill's own property check judges results in an isolation that no candidate has been in."""

from __future__ import annotations

import pytest

from autodev.sandbox import (
    Arguments,
    CallInput,
    Engine,
    Policy,
    Program,
    PropertyFacts,
    PropertyInput,
    PropertyVerdict,
    Verdict,
)
from tests.security.sandbox.attacks import HASTY, POLICY, PROGRAMS

pytestmark = pytest.mark.isolation
SOURCE = (PROGRAMS / "properties.py").read_text()


async def check(
    engine: Engine, entrypoint: str, *inputs: PropertyInput, policy: Policy = POLICY
) -> tuple[PropertyFacts, ...]:
    return (await engine.check_properties(Program(SOURCE, entrypoint), inputs, policy)).checks


async def test_a_property_holds_or_is_violated_result_by_result(engine: Engine) -> None:
    metres, miles = Arguments(args=(2.0,)), Arguments(args=(2.0,), kwargs={"unit": "mi"})

    right, wrong, refused, broken = await check(
        engine,
        "width",
        PropertyInput("right", metres, 2.0),
        PropertyInput("wrong", metres, -2.0),
        PropertyInput("refused", miles, 2.0),
        PropertyInput("broken", metres, None),
    )

    assert right == PropertyFacts("right", PropertyVerdict.HELD)
    assert wrong == PropertyFacts("wrong", PropertyVerdict.VIOLATED, "not_negative does not hold for the result")
    assert refused == PropertyFacts("refused", PropertyVerdict.VIOLATED, "unknown unit mi")
    assert broken.verdict is PropertyVerdict.BROKEN
    assert broken.message.startswith("the check raised TypeError: '>=' not supported")


async def test_a_skill_without_a_check_has_none(engine: Engine) -> None:
    (facts,) = await check(engine, "unchecked", PropertyInput("1", Arguments(args=(1.0,)), 1.0))

    assert facts.verdict is PropertyVerdict.ABSENT


async def test_a_check_that_does_not_end_is_broken_and_never_held(engine: Engine) -> None:
    (facts,) = await check(engine, "checked_for_ever", PropertyInput("1", Arguments(args=(1.0,)), 1.0), policy=HASTY)

    assert (facts.verdict, facts.message) == (PropertyVerdict.BROKEN, "wall_timeout: stopped after 0.7 s")


async def test_a_candidate_does_not_reach_the_check(engine: Engine) -> None:
    candidate = """
def width(x, *, unit="m"):
    global not_negative
    not_negative = lambda *_, **__: True
    os.environ["PASS"] = "1"
    Path("/tmp/pass").touch()
    return -1.0
"""
    arguments = Arguments(args=(2.0,))
    ran = await engine.run(Program(SOURCE, "width", candidate), [CallInput("1", arguments)], POLICY)
    facts = await engine.check_properties(
        Program(SOURCE, "width", candidate), [PropertyInput("1", arguments, -1.0)], POLICY
    )

    assert ran.calls[0].verdict is Verdict.OK
    assert facts.checks[0].verdict is PropertyVerdict.VIOLATED
