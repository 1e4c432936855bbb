"""The state of a letter is what the audit says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from autodev.dead_letters.audit import Action, Audit, Decision, audit_event
from autodev.dead_letters.letter import Letter
from autodev.events.binary import to_record
from autodev.events.models.operations import DeadLetterRedriven
from autodev.events.record import Record
from tests.unit.dead_letters.letters import forged, laid_down, letter

ANNA = Decision(by="anna", reason="mended")


def noted(found: Letter, action: Action = Action.REDRIVEN, by: Decision = ANNA) -> Record:
    return laid_down(to_record(audit_event(found, action, by)))


def audit(*records: Record) -> Audit:
    made = Audit()
    for record in records:
        made.add(record)
    return made


def test_a_letter_that_nobody_has_handled_is_pending() -> None:
    assert audit(noted(letter(at=1, offset=1))).of(letter(at=2, offset=2)) is None


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("found", [letter(), forged(dlq_original_topic=None), letter(key=None, value=None)])
def test_a_letter_is_handled_as_its_event_says(found: Letter, action: Action) -> None:
    handled = audit(noted(found, action)).of(found)
    assert handled is not None
    assert (handled.action, handled.by, handled.reason) == (action, "anna", "mended")
    assert str(handled).startswith(f"{action} at 20")


def test_what_was_done_first_counts() -> None:
    found = letter()
    handled = audit(noted(found), noted(found, Action.DROPPED, Decision(by="berta"))).of(found)
    assert handled is not None
    assert handled.by == "anna"


def test_a_letter_that_was_written_twice_is_handled_once() -> None:
    assert audit(noted(letter(at=1))).of(letter(at=2)) is not None


def test_the_same_record_given_up_by_two_groups_is_two_letters() -> None:
    assert audit(noted(letter("ingestion"))).of(letter("console")) is None


def test_what_is_no_audit_event_says_nothing() -> None:
    record = noted(letter())
    strange = [replace(record, value=b"\x00"), replace(record, value=None), replace(record, headers=())]
    assert audit(*strange).of(letter()) is None


def test_the_event_of_a_redrive_counts_it() -> None:
    again = letter(headers=(("dlq-redrive-count", b"2"),))
    data = audit_event(again, Action.REDRIVEN, ANNA).data
    assert isinstance(data, DeadLetterRedriven)
    assert data.redrives == 3


@pytest.mark.parametrize("name", ["", "an\x1bna", "a" * 201])
def test_who_decides_has_a_name_that_can_be_shown(name: str) -> None:
    with pytest.raises(ValidationError):
        Decision(by=name)
