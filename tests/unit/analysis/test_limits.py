from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.events.binary import InvalidRecordError, from_record, to_record
from autodev.events.envelope import new_event
from autodev.events.models.base import EventData
from autodev.events.models.failure import FailureWindowed
from autodev.events.record import Record
from services.analysis.domain.fold import step
from services.analysis.domain.limits import MAX_AHEAD, MAX_COUNT, MAX_WITHIN, unusable
from services.analysis.domain.state import PartitionState
from services.analysis.domain.windows import Windowing
from services.analysis.handlers import check
from tests.unit.analysis.failures import CLOSED, NOON, failure, fold, only, tick
from tests.unit.analysis.rows import Rows


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        (failure(NOON), None),
        (failure(0), None),
        (failure(NOON + MAX_AHEAD), None),
        (failure(NOON + MAX_AHEAD + 1), "second"),
        (failure(10**18), "second"),
        (failure(NOON, count=MAX_COUNT), None),
        (failure(NOON, count=MAX_COUNT + 1), "count"),
        (failure(NOON, within=MAX_WITHIN + 1), "within_seconds"),
        (tick(NOON + 10 * MAX_WITHIN), None),
        (tick(10**18), "seconds"),
    ],
)
def test_no_number_goes_further_than_windows_can_bear(data: EventData, refused: str | None) -> None:
    wrong = unusable(data, made_at=NOON)

    assert (wrong and wrong.field) == refused


numbers = st.integers(-1, 10**19) | st.sampled_from([0, NOON, NOON + 500, 10**12, 2**31, 2**63])
anything: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | numbers | st.floats() | st.text(max_size=5) | st.just([]) | st.just({})
)
fields = st.dictionaries(
    st.sampled_from([*failure(NOON).model_dump(), "unknown"]), anything | st.sampled_from(["acme", "other"]), max_size=3
)
tick_seconds = st.dictionaries(st.sampled_from(["acme", "other", "", "no tenant"]), anything, max_size=3)


def read(data: EventData, changed: dict[str, Any]) -> EventData | None:
    """What the service takes of a record that says `changed` instead; None if it becomes a dead letter."""
    event = new_event(data, source="/test")
    sent = to_record(event)
    value = orjson.dumps(orjson.loads(sent.value or b"") | changed, option=orjson.OPT_PASSTHROUGH_SUBCLASS)
    record = Record(sent.topic, 0, 0, sent.timestamp_ms or 0, sent.key, value, sent.headers)
    try:
        taken = from_record(record)
        check(replace(taken, time=taken.time.replace(year=2026, month=1, day=1, hour=12)))
    except InvalidRecordError:
        return None
    return taken.data


records = fields.map(lambda changed: (failure(NOON), changed)) | tick_seconds.map(lambda s: (tick(0), {"seconds": s}))


@given(st.lists(records))
def test_whatever_is_let_through_keeps_the_windows_of_others_exact_and_the_state_storable(
    garbage: list[tuple[EventData, dict[str, Any]]],
) -> None:
    rows, state = Rows(), PartitionState(Windowing())
    for data, changed in garbage:
        if (taken := read(data, changed)) is not None:
            step(state, taken)
            rows.save(state.take_changes())
    later = [failure(NOON + 900, tenant="late"), failure(NOON + 901, tenant="late"), tick(NOON + 900 + CLOSED, "late")]

    assert [window.count for window in only(FailureWindowed, fold(later, rows.load(Windowing())))] == [2]
