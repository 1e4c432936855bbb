"""Proposals killed in the middle of a search, at every named step: nothing is lost, and nothing is evaluated twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from functools import partial
from uuid import uuid4

import pytest

from autodev.events.binary import from_record
from autodev.events.catalogue import CANDIDATES_EXECUTED, CANDIDATES_PROPOSED, CASE_CHANGED, SUBSCRIPTIONS
from autodev.events.models.case import CaseState
from autodev.events.models.search import CandidatesExecuted
from autodev.stream.kafka.log import read
from autodev.stream.steps import Step
from deploy.local.postgres.databases import create_database
from tests.chaos.service import COMMAND, dies_at
from tests.e2e.failing_agent import opted_in
from tests.e2e.installation import Installation, eventually, running
from tests.e2e.wrong_answers import work

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.isolation, pytest.mark.timeout(600)]

SEVERAL = 3
"""Generations, so that the search is on its way before anything dies."""


@pytest.fixture
def mortal(kafka_bootstrap: str, postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose services can be told at which step to die."""
    name = f"mortal-{uuid4().hex}"
    database = create_database(postgres_url, name)
    installed = Installation(kafka_bootstrap, database, f"{name}.", tmp_path_factory.mktemp("mortal"), COMMAND)
    with running(installed, *SUBSCRIPTIONS):
        yield installed


async def _generations(installed: Installation, tenant: str) -> list[list[str]]:
    """What was proposed, generation by generation."""
    proposed = await installed.data_of(CANDIDATES_PROPOSED, tenant)
    ordered = sorted(proposed, key=lambda data: data.generation)
    return [[candidate.code_hash for candidate in data.candidates[1:]] for data in ordered]


async def _exhausted(installed: Installation, tenant: str) -> str | None:
    changes = await installed.data_of(CASE_CHANGED, tenant)
    return next((data.reason for data in changes if data.state is CaseState.EXHAUSTED), None)


async def _evaluated(installed: Installation, tenant: str) -> Counter[str]:
    """How often each candidate was: in every record that there is, one that came twice too."""
    counts: Counter[str] = Counter()
    async for record in read(installed.connection, [CANDIDATES_EXECUTED.name], from_start=True, until_end=True):
        data = from_record(record).data
        if isinstance(data, CandidatesExecuted) and data.tenant_id == tenant:
            counts.update(candidate.code_hash for candidate in data.candidates[1:])
    return counts


async def test_kill_9_of_proposals_in_a_search_loses_nothing_and_evaluates_nothing_twice(mortal: Installation) -> None:
    await mortal.report([*opted_in("calm"), *work("calm", "hopeless")])
    undisturbed = await eventually(partial(_exhausted, mortal, "calm"), "the search ends")

    async def several() -> bool:
        return len(await _generations(mortal, "storm")) >= SEVERAL

    await mortal.report([*opted_in("storm"), *work("storm", "hopeless")])
    await eventually(several, "a search is on its way")
    mortal.kill("proposals")
    for step in Step:
        mortal.start("proposals", **dies_at(step, 2))
        await asyncio.to_thread(mortal.processes.pop("proposals").wait, timeout=60)
        assert await _exhausted(mortal, "storm") is None, f"the search ended before proposals died at {step}"
    mortal.start("proposals")

    assert await eventually(partial(_exhausted, mortal, "storm"), "the search goes on") == undisturbed
    assert await _generations(mortal, "storm") == await _generations(mortal, "calm")
    evaluated = await _evaluated(mortal, "storm")
    assert set(evaluated.values()) == {1}
    assert set(evaluated) == {mark for generation in await _generations(mortal, "storm") for mark in generation}
