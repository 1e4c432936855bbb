"""What waits for the background thread is bounded."""

from __future__ import annotations

from dataclasses import dataclass

from autodev.sdk.delivery.buffer import Buffer


@dataclass(frozen=True)
class Item:
    name: str
    weight: int = 1


def test_items_leave_in_the_order_in_which_they_came() -> None:
    buffer: Buffer[Item] = Buffer()
    for name in "abc":
        buffer.put(Item(name))
    assert [item.name for item in buffer.take(2)] == ["a", "b"]
    assert len(buffer) == 1


def test_the_newest_is_refused_when_too_many_wait() -> None:
    buffer: Buffer[Item] = Buffer(most=1)
    assert (buffer.put(Item("a")), buffer.put(Item("b"))) == (True, False)
    assert [item.name for item in buffer.take(9)] == ["a"]


def test_the_newest_is_refused_when_it_is_too_heavy() -> None:
    buffer: Buffer[Item] = Buffer(heaviest=10)
    assert (buffer.put(Item("a", 6)), buffer.put(Item("b", 6)), buffer.put(Item("c", 4))) == (True, False, True)


def test_what_left_makes_room() -> None:
    buffer: Buffer[Item] = Buffer(heaviest=10)
    buffer.put(Item("a", 10))
    buffer.take(1)
    assert buffer.put(Item("b", 10))


def test_losses_are_told_once() -> None:
    buffer: Buffer[Item] = Buffer(most=0)
    buffer.put(Item("a"))
    buffer.count_lost(2)
    assert (buffer.take_lost(), buffer.take_lost()) == (3, 0)
