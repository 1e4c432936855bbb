"""What a broker's error says about a record."""

from __future__ import annotations

import asyncio

import pytest
from aiokafka import errors

from autodev.sdk.kafka.answers import PENDING, Answer, Arrived, Refused, answer_to


async def answer(outcome: object) -> Answer:
    future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
    return answer_to(future)


async def test_an_acknowledged_record_has_arrived() -> None:
    assert await answer("metadata") == Arrived()


@pytest.mark.parametrize(
    "error",
    [errors.MessageSizeTooLargeError(), errors.InvalidTimestampError(), errors.TopicAuthorizationFailedError("topic")],
)
async def test_an_error_of_the_record_refuses_it_for_good(error: Exception) -> None:
    assert isinstance(await answer(error), Refused)


@pytest.mark.parametrize(
    "error",
    [
        errors.NotLeaderForPartitionError(),
        errors.OutOfOrderSequenceNumber(),
        errors.ProducerClosed(),
        errors.KafkaTimeoutError(),
        OSError(),
    ],
)
async def test_an_error_of_the_producer_or_of_the_moment_says_nothing_about_the_record(error: Exception) -> None:
    assert await answer(error) is PENDING


async def test_a_record_without_an_answer_is_given_up() -> None:
    future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    assert answer_to(future) is PENDING
    assert future.cancelled()
