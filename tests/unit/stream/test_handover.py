"""What the relay need not read back from its outbox."""

from __future__ import annotations

from autodev.events.record import OutgoingRecord
from autodev.stream.postgres.handover import CAPACITY_BYTES, Handover


def record(number: int) -> OutgoingRecord:
    return OutgoingRecord("letters", b"anna", str(number).encode())


def opened(capacity: int = CAPACITY_BYTES) -> Handover:
    handover = Handover(capacity)
    handover.open()
    return handover


def test_what_was_kept_is_found_by_its_row() -> None:
    handover = opened()
    handover.keep([7, 9], [record(7), record(9)])
    assert handover.among([6, 7, 8, 9]) == {7: record(7), 9: record(9)}


def test_what_was_published_is_forgotten() -> None:
    handover = opened()
    handover.keep([7, 9], [record(7), record(9)])
    handover.forget([7])
    assert handover.among([7, 9]) == {9: record(9)}


def test_nothing_is_kept_while_another_process_relays() -> None:
    handover = Handover()
    handover.keep([1], [record(1)])
    assert handover.among([1]) == {}


def test_whoever_stops_relaying_holds_nothing_back() -> None:
    handover = opened()
    handover.keep([1], [record(1)])
    handover.close()
    handover.open()
    assert handover.among([1]) == {}


def test_what_finds_no_room_stays_in_the_table_alone_until_there_is_room_again() -> None:
    handover = opened(capacity=1)
    handover.keep([1, 2], [record(1), record(2)])
    assert handover.among([1, 2]) == {1: record(1)}
    handover.forget([1])
    handover.keep([3], [record(3)])
    assert handover.among([3]) == {3: record(3)}
