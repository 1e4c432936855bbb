"""What makes a record no event, before anyone looks at its data."""

from __future__ import annotations

from dataclasses import replace

from autodev.events.binary import to_record
from autodev.events.catalogue import TASK_REPORTED
from autodev.events.record import Record
from autodev.stream.reading import accept, read
from tests.contract.stream.reports import report


def received(words: str) -> Record:
    sent = to_record(report(words))
    return Record(sent.topic, 0, 7, sent.timestamp_ms or 0, sent.key, sent.value, sent.headers)


def test_an_event_arrives_with_the_digest_of_what_it_says() -> None:
    reading = read([received("said")], accept)
    assert (len(reading.arrivals), list(reading.offsets), dict(reading.defects)) == (1, [7], {})
    assert len(reading.arrivals[0].digest or b"") == 16


def test_escaped_header_names_make_a_record_invalid() -> None:
    escaped = replace(received("said"), has_escaped_names=True)
    assert (
        read([escaped], accept).defects[7].message == "headers: a name is not UTF-8; such bytes are written \\xNN here"
    )


def test_data_that_only_compression_brought_past_the_broker_is_not_even_parsed() -> None:
    vast = replace(received("said"), value=b" " * (TASK_REPORTED.max_bytes + 1))
    (defect,) = read([vast], accept).defects.values()
    assert defect.message.startswith("data: is ")
    assert defect.message.endswith(f"{TASK_REPORTED.name} takes {TASK_REPORTED.max_bytes}")
