"""Output is cut at its cap, drives nothing, and is no result."""

from __future__ import annotations

from autodev.sandbox import Verdict
from tests.security.sandbox.catalogue.hostile import (
    QUICK,
    STOPPED,
    Hostile,
    ends,
    returns,
    returns_such,
)
from tests.security.sandbox.catalogue.programs import output

CAP = QUICK.output_bytes
KEPT = QUICK.head_bytes + QUICK.tail_bytes
LIMIT = ends(
    Verdict.OUTPUT_LIMIT, facts=lambda facts: max(len(facts.stdout.text), len(facts.stderr.text)) <= KEPT + 100
)
STOPPED_LATER = STOPPED.model_copy(update={"call_seconds": 3})
"""For what must have begun by then, on a busy machine."""
LITTLE_OUTPUT = QUICK.model_copy(update={"output_bytes": 8_192, "head_bytes": 64, "tail_bytes": 64})
"""For what writes a byte at a time, which is slow where a system call is, and tedious to read when it fails."""

ROWS = (
    Hostile(output.stdout_flood, LIMIT, 17),
    Hostile(output.stderr_flood, LIMIT, 18),
    Hostile(output.flood_of_empty_lines, LIMIT, policy=LITTLE_OUTPUT),
    Hostile(output.flood_by_children, LIMIT),
    Hostile(output.flood_by_threads_that_also_answer, LIMIT),
    Hostile(
        output.slow_drip,
        ends(Verdict.WALL_TIMEOUT, facts=lambda facts: facts.stdout.head.startswith("drip\n")),
        19,
        policy=STOPPED_LATER,
    ),
    Hostile(output.compressed_bomb, returns_such(lambda size: size < CAP), 20),
    Hostile(
        output.up_to_the_cap,
        returns("returned", facts=lambda facts: facts.stdout.dropped_bytes == CAP - KEPT),
        arguments=(CAP,),
    ),
    Hostile(output.one_more_than_the_cap, LIMIT, arguments=(CAP,)),
    Hostile(
        output.bytes_that_are_no_text,
        returns("\ud800\x00\udfff", facts=lambda facts: facts.stdout.text == "\\xff\x00\\xed\\xa0\\x80\\xf8\\x88"),
        87,
    ),
    Hostile(output.driving_the_terminal, returns_such(lambda text: text.startswith("\x1b[2J")), 88),
    Hostile(output.forged_result_on_stdout, returns(5), 79),
    Hostile(output.forged_log_lines, returns("returned")),
    Hostile(output.closing_stdout, returns("returned")),
    Hostile(
        output.filling_the_pipe_and_dying,
        ends(Verdict.NO_RESULT, facts=lambda facts: facts.stdout.text.endswith("the end")),
    ),
)
