from __future__ import annotations

import pytest

from tests.integration.analysis.drill import Plan, drill
from tests.integration.analysis.installation import Installation
from tests.integration.analysis.worker import Workers

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


@pytest.mark.timeout(600)
async def test_results_and_tables_are_exact_over_kills_pauses_and_rebalances_under_backlog(
    installation: Installation, workers: Workers
) -> None:
    run = await drill(installation, workers, Plan(seed=1, records=12_000))

    assert run.differences == []
    assert set(run.found.outbox.values()) == {1}, "nothing was told twice"
