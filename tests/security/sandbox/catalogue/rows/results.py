"""A guest lies about its own call, and about nothing else."""

from __future__ import annotations

import pickle

from autodev import values
from autodev.events.models.call import Returned
from autodev.sandbox import Verdict
from tests.security.sandbox.catalogue.hostile import (
    STOPPED,
    Hostile,
    ends,
    raises,
    returns,
    returns_such,
)
from tests.security.sandbox.catalogue.programs import harness, results

PROTOCOL = ends(Verdict.PROTOCOL_ERROR)
LIMIT = ends(Verdict.OUTPUT_LIMIT)
MARKED = returns_such(
    lambda _: True,
    facts=lambda facts: isinstance(facts.outcome, Returned) and not values.is_complete(facts.outcome.value),
)
"""It travels as a mark that it could not."""
OPENING = b'{"kind":"returned","value":'

PAYLOADS = (
    *(
        (89, "huge integer", OPENING + b"9" * 100_000 + b"}"),
        (90, "deep", OPENING + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    ),
    *(
        (91, "NaN", OPENING + b"NaN}"),
        (None, "Infinity", OPENING + b"-Infinity}"),
        (None, "1e400", OPENING + b"1e400}"),
    ),
    *(
        (None, "key twice", b'{"kind":"raised","kind":"returned","value":1}'),
        (None, "value twice", OPENING + b'{"a":1,"a":2}}'),
    ),
    *(
        (92, "pickle", pickle.dumps({"kind": "returned", "value": 1})),
        (None, "no text", b"\xff\xfe\x00"),
        (None, "empty", b"{}"),
    ),
    *((None, "two documents", OPENING + b"1}" + OPENING + b"2}"), (None, "more", OPENING + b'1,"verdict":"ok"}')),
    *((None, "unknown tag", OPENING + b'{"$object":"os.system"}}'), (None, "verdict", b'{"kind":"held"}')),
    *(
        (None, "byte order mark", b"\xef\xbb\xbf" + OPENING + b"1}"),
        (None, "half a surrogate", OPENING + b'"\xed\xa0\x80"}'),
    ),
)
DELIVERED = tuple(Hostile(results.delivered, PROTOCOL, number, (data,), label) for number, label, data in PAYLOADS)
CHANNEL = (
    Hostile(results.delivered, returns(7), None, (OPENING + b"7}",), "honest"),
    Hostile(results.unframed, PROTOCOL, None, (b"\0\0",), "cut in its length"),
    Hostile(results.unframed, PROTOCOL, None, (b"\0\0\0\x05{",), "cut"),
    Hostile(results.unframed, PROTOCOL, None, (b"\xff" * 4,), "announced too large"),
    Hostile(results.unframed, ends(Verdict.NO_RESULT), None, (b"\0\0\0\0",), "of no bytes"),
    Hostile(results.closed_channel, ends(Verdict.NO_RESULT)),
    Hostile(results.channel_is_stdout, PROTOCOL),
    Hostile(results.channel_is_a_file, ends(Verdict.NO_RESULT)),
    Hostile(results.two_answers, PROTOCOL),
    Hostile(results.answer_of_a_child, PROTOCOL),
    Hostile(results.flood_of_answers, PROTOCOL),
    Hostile(results.large, LIMIT),
)
VALUES = (
    Hostile(results.huge_integer, MARKED),
    Hostile(results.deep, MARKED),
    Hostile(results.cyclic, MARKED),
    Hostile(results.numbers_beyond_json, returns_such(lambda numbers: len(numbers) == 4)),
    Hostile(results.object_with_hostile_methods, MARKED),
    Hostile(results.object_that_never_shows_itself, ends(Verdict.WALL_TIMEOUT), policy=STOPPED),
    Hostile(results.subclasses_that_lie, raises("SystemExit")),
    Hostile(
        results.tags_of_the_codec,
        returns({"$tuple": [1, 2], "$bytes": "!!!", "$unencodable": {"type": "x", "repr": "y"}, "$": 1}),
    ),
    Hostile(results.lone_surrogates, returns(["\ud800", "\udfff\x00", "\ufeff", "\u202e"])),
    Hostile(results.awaitable_that_dies, ends(Verdict.KILLED_BY_SIGNAL)),
)
EXCEPTIONS = (
    Hostile(results.exception_without_a_name, ends(Verdict.NO_RESULT)),
    Hostile(results.exception_with_a_hostile_text, raises("HostileError")),
    Hostile(results.exception_that_exits_as_text, ends(Verdict.NO_RESULT)),
    Hostile(results.exception_that_is_a_verdict, raises("autodev.sandbox.wall_timeout")),
    Hostile(results.interrupt, raises("KeyboardInterrupt")),
    Hostile(results.generator_that_leaves, raises("GeneratorExit")),
    Hostile(results.endless_chain_of_causes, raises("ValueError")),
    Hostile(results.lines_that_are_not_there, raises("ZeroDivisionError")),
)
HARNESS = (
    Hostile(harness.poison_modules, returns(5), 86),
    Hostile(harness.replace_exit_and_write, returns("still here")),
    Hostile(harness.without_builtins, ends(Verdict.NO_RESULT)),
    Hostile(harness.poison_builtins, ends(Verdict.NO_RESULT)),
    Hostile(harness.rewrite_the_harness_in_memory, ends(Verdict.NO_RESULT)),
    Hostile(harness.trace_the_harness, ends(Verdict.NO_RESULT)),
    Hostile(harness.audit_the_harness, returns("returned")),
    Hostile(harness.stop_collecting, ends(Verdict.WALL_TIMEOUT), policy=STOPPED),
    Hostile(harness.switch_in_the_last_moment, PROTOCOL),
    Hostile(harness.frames_to_every_descriptor, returns_such(lambda nonces: nonces == 1)),
    Hostile(harness.another_result_file, returns(5)),
)
ROWS = (*DELIVERED, *CHANNEL, *VALUES, *EXCEPTIONS, *HARNESS)
