"""At least once on the wire, once in effect."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from autodev.events.binary import to_record
from autodev.events.catalogue import EPISODE_RECORDED, TASK_REPORTED
from autodev.events.envelope import Event
from autodev.ids import derived_event_id
from autodev.stream.emission import Emission, emit_tombstone
from autodev.stream.pace import GATHER_SECONDS
from autodev.stream.ports import Partition
from tests.contract.stream.handlers import CASE, Noting, record_episodes, words
from tests.contract.stream.reports import report
from tests.contract.stream.runtime import Runtime
from tests.contract.stream.waiting import eventually


async def test_every_event_has_its_effect_once_and_in_order(runtime: Runtime) -> None:
    sent = [str(number) for number in range(50)]
    await runtime.join(Noting(runtime.tested))
    await runtime.send(*(report(each) for each in sent))
    assert await runtime.noted(50) == sent


async def test_a_batch_holds_no_more_records_than_the_member_allows(runtime: Runtime) -> None:
    await runtime.send(*(report(str(number)) for number in range(7)))
    handler = Noting(runtime.tested)
    await runtime.join(handler, max_records=3)
    await runtime.noted(7)
    assert max(map(len, handler.batches)) <= 3


async def test_a_steady_flow_is_handled_in_batches(runtime: Runtime) -> None:
    handler = Noting(runtime.tested)
    await runtime.join(handler)
    for number in range(20):
        await runtime.send(report(str(number)))
        await asyncio.sleep(0.005)
    await runtime.noted(20)
    assert len(handler.batches) < 10


async def test_a_backlog_is_handled_without_a_pause(runtime: Runtime) -> None:
    await runtime.send(*(report(str(number)) for number in range(200)))
    await runtime.join(Noting(runtime.tested), max_records=1)
    async with asyncio.timeout(200 * GATHER_SECONDS):
        await runtime.noted(200)


async def test_an_event_sent_twice_has_its_effect_once(runtime: Runtime) -> None:
    twice = report("once")
    await runtime.join(Noting(runtime.tested))
    await runtime.send(twice, twice)
    await runtime.send(twice, report("the end"))
    assert await runtime.noted(2) == ["once", "the end"]


async def test_a_successor_goes_on_where_the_member_before_stopped(runtime: Runtime) -> None:
    before = await runtime.join(Noting(runtime.tested))
    await runtime.send(report("one"), report("two"))
    await runtime.noted(2)
    await before.stop()
    handler = Noting(runtime.tested)
    await runtime.join(handler)
    await runtime.send(report("three"))
    assert await runtime.noted(3) == ["one", "two", "three"]
    assert handler.batches == [["three"]]


async def test_stopping_finishes_the_batch_in_flight(runtime: Runtime) -> None:
    handling, finish = asyncio.Event(), asyncio.Event()

    async def slow(events: Sequence[Event[Any]], store: Any) -> Iterable[Emission]:
        handling.set()
        await finish.wait()
        for event in events:
            await runtime.tested.note(store, words(event))
        return ()

    member = await runtime.join(slow)
    await runtime.send(report("in flight"))
    await asyncio.wait_for(handling.wait(), timeout=30)
    stopping = asyncio.create_task(member.stop())
    await asyncio.sleep(0.05)
    assert not stopping.done()
    finish.set()
    await stopping
    assert await runtime.tested.notes() == ["in flight"]


async def test_a_stopped_member_takes_nothing_more(runtime: Runtime) -> None:
    handler = Noting(runtime.tested)
    member = await runtime.join(handler)
    await member.stop()
    await runtime.send(report("too late"))
    await asyncio.sleep(0.2)
    assert handler.batches == []
    assert member.trouble is not None


async def test_a_second_member_takes_over_partitions_without_repeating_effects(runtime: Runtime) -> None:
    sent = [f"{agent} {number}" for number in range(60) for agent in ("anna", "bert", "cleo", "dora")]

    async def keep_sending() -> None:
        for each in sent:
            await runtime.send(report(each, agent=each.split()[0]))

    first, second = Noting(runtime.tested), Noting(runtime.tested)
    await runtime.join(first, max_records=5)
    sending = asyncio.create_task(keep_sending())
    await eventually(lambda: len(first.batches) > 2)
    await runtime.join(second, max_records=5)
    await sending
    noted = await runtime.noted(len(sent))
    assert sorted(noted) == sorted(sent)
    for agent in ("anna", "bert", "cleo", "dora"):
        of_agent = [each for each in noted if each.startswith(agent)]
        assert of_agent == sorted(of_agent, key=lambda each: int(each.split()[1]))


async def test_what_a_handler_emits_is_published_under_ids_derived_from_its_cause(runtime: Runtime) -> None:
    cause = report("cause")
    await runtime.join(record_episodes)
    await runtime.send(cause)
    emitted = await runtime.events(EPISODE_RECORDED, 2)
    name = "dev.autodev.episode.recorded.v1"
    assert [event.id for event in emitted] == [
        derived_event_id(cause.source, cause.id, name, index) for index in (0, 1)
    ]
    assert {(e.source, e.key, e.causation_id, e.correlation_id) for e in emitted} == {
        ("/services/first", "acme/scout", cause.id, CASE)
    }


async def test_the_same_ids_are_emitted_whatever_batch_the_cause_is_in(runtime: Runtime) -> None:
    causes = [report(str(number)) for number in range(6)]
    await runtime.send(*causes)
    await runtime.join(record_episodes, max_records=1)
    await runtime.join(record_episodes, group="second")
    emitted = await runtime.events(EPISODE_RECORDED, 24)
    assert {event.source for event in emitted} == {"/services/first", "/services/second"}
    assert len({event.id for event in emitted}) == 12


async def test_a_handler_can_withdraw_what_a_compacted_topic_holds(runtime: Runtime) -> None:
    async def withdraw(events: Sequence[Event[Any]], _store: Any) -> Iterable[Emission]:
        return [emit_tombstone(events[0].type, "acme/scout", events[0])]

    cause = report("withdraw")
    await runtime.processor(withdraw).process(Partition(TASK_REPORTED.name, 0), await _written(runtime, cause))
    written = await runtime.arrived(TASK_REPORTED, 2)
    (tombstone,) = [record for record in written if record.value is None]
    assert tombstone.key == b"acme/scout"


async def test_a_batch_handled_twice_at_once_has_its_effects_once(runtime: Runtime) -> None:
    """As when a paused process comes back while its successor is at work."""
    records = await _written(runtime, report("once"), report("and only once"))
    partition = Partition(TASK_REPORTED.name, records[0].partition)
    members = [runtime.processor(Noting(runtime.tested)) for _ in range(3)]
    outcomes = await asyncio.gather(*(member.process(partition, records) for member in members), return_exceptions=True)
    assert records[-1].offset + 1 in outcomes
    assert await runtime.tested.notes() == ["once", "and only once"]


async def test_a_member_far_behind_is_told_where_to_go_on(runtime: Runtime) -> None:
    records = await _written(runtime, report("one"), report("two"))
    partition = Partition(TASK_REPORTED.name, records[0].partition)
    processor = runtime.processor(Noting(runtime.tested))
    assert await processor.process(partition, records) == records[-1].offset + 1
    assert await processor.process(partition, records[:1]) == records[-1].offset + 1
    assert await runtime.tested.notes() == ["one", "two"]


async def _written(runtime: Runtime, *events: Event[Any]) -> list[Any]:
    await runtime.send(*(to_record(event) for event in events))
    return list(await runtime.arrived(TASK_REPORTED, len(events)))
