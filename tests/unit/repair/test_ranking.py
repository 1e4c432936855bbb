"""Which edits come, how many, and in which order."""

from __future__ import annotations

from autodev.repair import Failure, Frame, Target, fingerprint, propose
from tests.unit.repair.broken_tools import CARRIER_SUMMARY, MADE_UP, SEATS, SPEED
from tests.unit.repair.recording import failures, proposals


def test_catching_the_exception_is_proposed_last() -> None:
    assert proposals(SPEED)[-1].operator == "tolerate"


def test_an_edit_that_answers_all_faults_comes_before_one_that_answers_some() -> None:
    answered = [edit.fixes for edit in proposals(MADE_UP)]

    assert answered[0] == 3  # either column missing, or a delay of zero
    assert answered == sorted(answered, reverse=True)


def test_the_values_that_were_seen_are_guarded_before_the_family_they_belong_to() -> None:
    failing = failures(SPEED)[:1]  # only "NA" was seen

    codes = [edit.code for edit in propose(SPEED.target, failing)]

    exact = next(i for i, code in enumerate(codes) if 'if flight["air_time"] == "NA":' in code)
    family = next(i for i, code in enumerate(codes) if 'if flight["air_time"] in ("", "NA"):' in code)
    assert exact < family


def test_a_value_that_can_be_converted_is_not_treated_as_missing() -> None:
    edits = proposals(SEATS)

    assert "int(float(" in edits[0].code
    assert all(edit.risk >= 0.3 for edit in edits if '"149.0"' in edit.code)


def test_known_fingerprints_are_left_out() -> None:
    first, second, *_ = proposals(SPEED)

    again = propose(SPEED.target, failures(SPEED), known={fingerprint(first.code)})

    assert again[0] == second


def test_the_limit_is_kept() -> None:
    assert len(proposals(CARRIER_SUMMARY, limit=5)) == 5


def test_where_arguments_are_unknown_each_operand_is_a_suspect() -> None:
    line = 'return float(a["x"]) / float(a["y"])'
    failure = Failure("ValueError", "could not convert string to float: 'NA'", (Frame("f", line),))

    codes = [edit.code for edit in propose(Target(f"def f(a):\n    {line}\n", "f"), [failure])]

    assert 'if a["x"] == "NA" or a["y"] == "NA":' in codes[0]
    assert any('if a["x"] == "NA":' in code for code in codes)
    assert any('if a["y"] == "NA":' in code for code in codes)


def test_without_a_matching_frame_every_statement_is_a_possible_place() -> None:
    source = "def f(a, b):\n    c = 1 / a\n    return c / b\n"

    codes = [edit.code for edit in propose(Target(source, "f"), [Failure("ZeroDivisionError", "division by zero")])]

    assert any("if a == 0:" in code for code in codes)
    assert any("if b == 0:" in code for code in codes)
