from __future__ import annotations

from collections import Counter
from dataclasses import fields

import pytest

from autodev.events.models.failure import FailureLate, FailureWindowed
from tests.integration.analysis.drill import Plan, drill
from tests.integration.analysis.installation import Installation
from tests.integration.analysis.worker import Workers

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


@pytest.mark.timeout(600)
async def test_results_and_tables_are_exact_over_kills_pauses_and_rebalances_under_backlog(
    installation: Installation, workers: Workers
) -> None:
    run = await drill(installation, workers, Plan(seed=1, records=12_000))

    for part in fields(run.found):
        assert getattr(run.found, part.name) == getattr(run.expected, part.name), part.name
    assert set(run.found.outbox.values()) == {1}
    windows = Counter[tuple[str, object]]()
    too_late = 0
    for data in run.found.results.values():
        if isinstance(data, FailureWindowed):
            windows[data.case_id, data.window_start] = max(windows[data.case_id, data.window_start], data.count)
        if isinstance(data, FailureLate):
            too_late += data.count
    assert windows.total() + too_late == run.failures
