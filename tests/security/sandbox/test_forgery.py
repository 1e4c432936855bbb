"""A guest can lie about its own call, and about nothing else."""

from __future__ import annotations

import pickle

import pytest

from autodev import values
from autodev.events.models.call import Returned
from autodev.sandbox import Verdict
from tests.security.sandbox.attacks import Attack, Run, raised, returned

pytestmark = pytest.mark.isolation


async def test_text_on_stdout_is_no_result(attack: Attack) -> None:
    facts = await attack("results.forge_on_stdout", 5)

    assert returned(facts) == 5
    assert "forged" in facts.stdout.text


async def test_a_call_can_not_answer_for_another(run: Run) -> None:
    report = await run("results", "forge_for_all_calls", [0], [1], [2], [3])

    assert report.verdict is Verdict.OK
    assert [returned(facts) for facts in report.calls] == [0, 1, 2, 3]


async def test_a_call_can_not_poison_the_next(run: Run) -> None:
    report = await run("results", "poison", [1], [0], [1], [2])

    assert [returned(facts) for facts in (report.calls[0], *report.calls[2:])] == [1, 1, 2]


async def test_a_result_written_by_hand_is_the_calls_own_word(attack: Attack) -> None:
    assert returned(await attack("results.deliver_bytes", b'{"kind":"returned","value":7}', 0)) == 7


@pytest.mark.parametrize(
    "payload",
    [
        b"not json",
        b"\xff\xfe",
        b"[1]",
        b"{}",
        b'{"kind":"returned"}',
        b'{"kind":"returned","value":1,"more":2}',
        b'{"kind":"returned","value":NaN}',
        b'{"kind":"returned","value":-Infinity}',
        b'{"kind":"returned","value":1e400}',
        b'{"kind":"raised","kind":"returned","value":1}',
        b'{"kind":"returned","value":{"a":1,"a":2}}',
        b'{"kind":"returned","value":' + b"9" * 1_000 + b"}",
        b'{"kind":"returned","value":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"kind":"returned","value":' + b"[" * 300 + b"]" * 300 + b"}",
        b'{"kind":"returned","value":{"$nonsense":1}}',
        b'{"kind":"returned","value":{"$tuple":[1],"b":2}}',
        b'{"kind":"raised","type":1,"message":"","frames":[]}',
        b'{"kind":"raised","type":"E","message":"","frames":[["f"]]}',
        b'{"kind":"raised","type":"' + b"E" * 300 + b'","message":"","frames":[]}',
        b'{"kind":"held"}',
        b'{"kind":"returned","value":1}{"kind":"returned","value":2}',
        pickle.dumps({"kind": "returned", "value": 1}),
    ],
    ids=lambda payload: payload[:40].decode("latin-1"),
)
async def test_what_the_harness_would_not_write_is_a_protocol_error(attack: Attack, payload: bytes) -> None:
    facts = await attack("results.deliver_bytes", payload, 0)

    assert (facts.verdict, facts.outcome) == (Verdict.PROTOCOL_ERROR, None)


async def test_a_result_and_a_failed_exit_do_not_go_together(attack: Attack) -> None:
    facts = await attack("results.deliver_bytes", b'{"kind":"returned","value":7}', 1)

    assert facts.verdict is Verdict.PROTOCOL_ERROR


@pytest.mark.parametrize("data", [b"\0", b"\0\0\0\x05", b'\0\0\0\x05{"ki'])
async def test_a_result_cut_short_is_none(attack: Attack, data: bytes) -> None:
    facts = await attack("results.deliver_unframed", data)

    assert (facts.verdict, facts.outcome) == (Verdict.PROTOCOL_ERROR, None)


async def test_a_result_announced_larger_than_allowed_is_not_waited_for(attack: Attack) -> None:
    assert (await attack("results.deliver_unframed", b"\xff" * 4)).verdict is Verdict.PROTOCOL_ERROR


async def test_two_results_are_none(attack: Attack) -> None:
    assert (await attack("results.deliver_twice")).verdict is Verdict.PROTOCOL_ERROR


async def test_replacing_the_functions_of_the_harness_helps_nobody(attack: Attack) -> None:
    assert returned(await attack("results.patch_exit")) == "still here"


async def test_a_lone_surrogate_travels_tagged(attack: Attack) -> None:
    facts = await attack("results.lone_surrogate")

    assert isinstance(facts.outcome, Returned)
    assert isinstance(facts.outcome.value, dict)
    assert returned(facts) == "\ud800\x00"


async def test_an_exceptions_text_is_made_printable(attack: Attack) -> None:
    assert raised(await attack("results.raise_surrogate")).message == "bad \\ud800 text \x00"


async def test_an_exception_that_can_not_be_printed_is_still_an_exception(attack: Attack) -> None:
    facts = await attack("results.raise_unprintable")

    assert facts.verdict is Verdict.GUEST_ERROR
    assert raised(facts).message == "<no text: SystemExit>"


async def test_an_exceptions_name_and_text_are_cut(attack: Attack) -> None:
    error = raised(await attack("results.raise_huge"))

    assert (len(error.type), len(error.message)) == (200, 4_000)


async def test_keyboard_interrupt_is_an_error_of_the_guest(attack: Attack) -> None:
    assert raised(await attack("results.raise_base")).type == "KeyboardInterrupt"


@pytest.mark.parametrize("program", ["huge_integer", "deep_list", "cyclic_list", "hostile_object"])
async def test_what_can_not_travel_is_marked_so(attack: Attack, program: str) -> None:
    facts = await attack(f"results.{program}")

    assert facts.verdict is Verdict.OK
    assert isinstance(facts.outcome, Returned)
    assert not values.is_complete(facts.outcome.value)


async def test_numbers_beyond_json_travel_tagged(attack: Attack) -> None:
    facts = await attack("results.not_a_number")

    assert isinstance(facts.outcome, Returned)
    assert facts.outcome.value == [{"$float": "nan"}, {"$float": "inf"}, {"$float": "inf"}]


async def test_a_thread_does_not_keep_a_call_from_ending(attack: Attack) -> None:
    facts = await attack("results.thread_still_running")

    assert returned(facts) == "returned"


async def test_a_coroutine_function_is_run_to_its_result(attack: Attack) -> None:
    assert returned(await attack("results.coroutine", 4)) == 4
