"""Our partitioner is the client's own, only quicker."""

from __future__ import annotations

from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st

from autodev.stream.kafka.partitioning import partition_of


@given(st.binary(max_size=64), st.integers(min_value=1, max_value=50))
def test_a_key_goes_where_every_client_puts_it(key: bytes, count: int) -> None:
    partitions = list(range(count))
    assert partition_of(key, partitions, partitions) == DefaultPartitioner()(key, partitions, partitions)


def test_what_has_no_key_goes_to_a_partition_that_is_available() -> None:
    assert {partition_of(None, [0, 1, 2], [1]) for _ in range(20)} == {1}


def test_with_none_available_it_goes_to_any() -> None:
    assert partition_of(None, [0, 1, 2], []) in {0, 1, 2}
