"""What is between the agent's threads and the background one: bounded, so that reporting can't eat the memory."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, Protocol, TypeVar


class Weighed(Protocol):
    @property
    def weight(self) -> int:
        """Bytes that it holds, roughly."""
        ...


T = TypeVar("T", bound=Weighed)


class Buffer(Generic[T]):
    """A thread-safe queue bounded by number and by weight. What is full refuses the newest, which keeps the order."""

    def __init__(self, *, most: int = 10_000, heaviest: int = 33_554_432) -> None:
        self._most = most
        self._heaviest = heaviest
        self._items: deque[T] = deque()
        self._weight = 0
        self._lost = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: T) -> bool:
        """Whether there was room for `item`."""
        with self._lock:
            if len(self._items) >= self._most or self._weight + item.weight > self._heaviest:
                self._lost += 1
                return False
            self._items.append(item)
            self._weight += item.weight
            return True

    def take(self, limit: int) -> list[T]:
        """Up to `limit` of the oldest items, which leave the buffer."""
        with self._lock:
            taken = [self._items.popleft() for _ in range(min(limit, len(self._items)))]
            self._weight -= sum(item.weight for item in taken)
            return taken

    def take_lost(self) -> int:
        """How many were refused, or lost later on, since this was last asked."""
        with self._lock:
            lost, self._lost = self._lost, 0
            return lost

    def count_lost(self, number: int) -> None:
        """So many that left the buffer were lost after all."""
        with self._lock:
            self._lost += number
