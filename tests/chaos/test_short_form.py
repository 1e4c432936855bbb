"""The short form of `make chaos`: everything dies, and the result is the one of a run in which nothing does."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.compare import Kind
from tests.chaos.drill import Drill
from tests.chaos.faults.catalogue import short_faults
from tests.chaos.faults.kills import Undisturbed
from tests.chaos.report import details
from tests.chaos.servers import Servers, own_servers
from tests.chaos.spool.drill import run as full_disk
from tests.chaos.workload import recent_workload

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.isolation, pytest.mark.timeout(900)]

SEED = 20261123


@pytest.fixture(autouse=True)
def _quiet_client(caplog: pytest.LogCaptureFixture) -> None:
    """That servers are away is what is meant; a failure should be seen among what it says."""
    caplog.set_level(logging.CRITICAL, "aiokafka")


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with own_servers() as servers:
        yield servers


async def test_whatever_dies_nothing_is_lost_and_nothing_is_done_twice(servers: Servers, tmp_path: Path) -> None:
    drill = Drill(servers, recent_workload(), SEED, tmp_path, print)
    calm, undisturbed = await drill.run(Undisturbed(), None)
    assert not details(calm), "\n".join(details(calm))
    for fault in short_faults():
        storm, _ = await drill.run(fault, undisturbed)
        assert not details(storm), "\n".join(details(storm))
        assert storm.deaths.total() >= 6


async def test_an_agent_whose_disk_is_full_while_the_broker_is_away_loses_no_count(
    servers: Servers, tmp_path: Path
) -> None:
    outcome = await full_disk(servers, tmp_path)
    assert {kind: outcome.count(kind) for kind in Kind} == dict.fromkeys(Kind, 0), details(outcome)
