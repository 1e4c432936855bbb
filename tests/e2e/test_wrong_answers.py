"""From wrong answers on real topics to promoted versions: what no rule can do, the search by mutation does."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from autodev.events.catalogue import CANDIDATES_PROPOSED, CASE_CHANGED, SKILL_PROMOTED
from autodev.events.models.case import SkillPromoted
from tests.e2e.failing_agent import opted_in
from tests.e2e.installation import Installation, eventually
from tests.e2e.wrong_answers import CALLS, RIGHT, work

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.isolation, pytest.mark.timeout(300)]


async def _promoted(installation: Installation, tenant: str) -> list[SkillPromoted]:
    return await installation.data_of(SKILL_PROMOTED, tenant)


def _answers(version: SkillPromoted) -> list[Any]:
    names: dict[str, Any] = {}
    exec(version.code, names)
    return [names[version.skill](*arguments) for arguments in CALLS[version.skill]]


@pytest.mark.parametrize("skill", ["total", "most", "longest"], ids=["one edit", "by its property", "two edits"])
async def test_a_skill_that_raises_nothing_and_is_wrong_is_repaired_and_promoted(
    installation: Installation, skill: str
) -> None:
    tenant = f"wrong-{skill}"
    await installation.report([*opted_in(tenant), *work(tenant, skill)])
    try:
        [version] = await eventually(partial(_promoted, installation, tenant), f"{skill} is promoted")
    except AssertionError:
        changes = [data.reason for data in await installation.data_of(CASE_CHANGED, tenant)]
        raise AssertionError(f"{skill} is not promoted: {changes}") from None
    assert _answers(version) == [RIGHT[skill](*arguments) for arguments in CALLS[skill]]
    proposed = await installation.data_of(CANDIDATES_PROPOSED, tenant)
    tried = [candidate.code_hash for each in proposed for candidate in each.candidates[1:]]
    assert len(tried) == len(set(tried))
