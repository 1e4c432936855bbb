"""In which order records are taken again: as the journal tells, and by their times where there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.models.journal import InputHandled
from autodev.events.record import Record
from autodev.rebuild.errors import RebuildRefusedError
from autodev.rebuild.journal import Coverage
from autodev.rebuild.logs import Logs
from autodev.rebuild.turns import Turn, Turns
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.ports import Extent, Partition

A, B = Partition("a", 0), Partition("b", 0)
Place = tuple[str, int]


class WrittenLogs(Logs):
    """Logs that hold a record at each of these milliseconds."""

    def __init__(self, times: Mapping[Partition, Sequence[int]], beginning: int = 0) -> None:
        extents = {each: Extent(beginning, beginning + len(found)) for each, found in times.items()}
        super().__init__(None, KafkaConnection("", ""), extents, {})
        for partition, found in times.items():
            self._fetched[partition].extend(
                Record(partition.topic, partition.number, beginning + index, at, None, None)
                for index, at in enumerate(found)
            )
            self._next[partition] = extents[partition].end


def handled(partition: Partition, first: int, following: int, at: int = 1_000) -> InputHandled:
    return InputHandled(
        service="fitness",
        topic=partition.topic,
        partition=partition.number,
        first=first,
        following=following,
        handled_at=datetime.fromtimestamp(at / 1000, UTC),
    )


async def replay(
    times: Mapping[Partition, Sequence[int]],
    journal: Sequence[InputHandled] = (),
    positions: Mapping[Partition, int] | None = None,
    *,
    beginning: int = 0,
) -> list[list[Place]]:
    coverage = Coverage()
    for entry in journal:
        coverage.add(entry)
    turns = Turns(WrittenLogs(times, beginning), coverage, positions or {}, guess=not positions)
    taken = [turn async for turn in turns.earlier()]
    told = [await turns.journaled(entry) for entry in journal]
    taken += [turn for turn in told if isinstance(turn, Turn)]
    return [[(record.topic, record.offset) for record in turn.records] for turn in taken]


async def test_the_journal_decides_whatever_the_times_of_the_records_say() -> None:
    journal = [handled(B, 0, 2), handled(A, 0, 1), handled(B, 2, 3), handled(A, 1, 2)]
    taken = await replay({A: [1, 2], B: [8, 9, 9]}, journal)
    assert taken == [[("b", 0), ("b", 1)], [("a", 0)], [("b", 2)], [("a", 1)]]


async def test_an_entry_that_was_published_twice_counts_once_where_it_stood_first() -> None:
    journal = [handled(A, 0, 1), handled(B, 0, 1), handled(A, 0, 1), handled(B, 0, 1)]
    assert await replay({A: [1], B: [1]}, journal) == [[("a", 0)], [("b", 0)]]


async def test_what_lies_between_two_entries_of_a_partition_was_passed_over() -> None:
    assert await replay({A: [1, 1, 1]}, [handled(A, 0, 1), handled(A, 2, 3)]) == [[("a", 0)], [("a", 2)]]


async def test_what_no_entry_covers_yet_is_left() -> None:
    assert await replay({A: [1, 1, 2_000], B: [2_000]}, [handled(A, 0, 2)]) == [[("a", 0), ("a", 1)]]


async def test_what_is_older_than_the_journal_comes_first_in_the_order_of_its_times() -> None:
    taken = await replay({A: [5, 7, 2_000], B: [6]}, [handled(A, 2, 3)])
    assert taken == [[("a", 0)], [("b", 0)], [("a", 1)], [("a", 2)]]


async def test_without_a_journal_the_positions_say_how_far_it_was() -> None:
    assert await replay({A: [1, 3], B: [2, 4]}, positions={A: 2, B: 1}) == [[("a", 0)], [("b", 0)], [("a", 1)]]


async def test_records_that_are_gone_are_missing_and_nothing_else() -> None:
    assert await replay({A: [1, 1]}, [handled(A, 0, 4), handled(A, 4, 5)], beginning=3) == [[("a", 3)], [("a", 4)]]


async def test_a_journal_of_another_log_ends_the_rebuild() -> None:
    with pytest.raises(RebuildRefusedError, match="made anew"):
        await replay({A: [1]}, [handled(A, 0, 9)])


@given(st.lists(st.tuples(st.sampled_from([A, B]), st.integers(1, 4)), max_size=12))
async def test_every_run_is_replayed_in_its_batches_and_its_order(batches: list[tuple[Partition, int]]) -> None:
    ends: defaultdict[Partition, int] = defaultdict(int)
    journal, lived = [], []
    for partition, size in batches:
        first = ends[partition]
        ends[partition] += size
        journal.append(handled(partition, first, first + size))
        lived.append([(partition.topic, first + index) for index in range(size)])
    assert await replay({A: [1] * ends[A], B: [1] * ends[B]}, journal) == lived
