"""The benchmarks of the search give numbers, whatever these are on this machine."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from autodev.repair.batch import read_program
from autodev.repair.search.lines import json_lines
from benchmarks.repair.ablation import Choice, ablate
from benchmarks.sandbox.engines import ALL
from benchmarks.search.run import searching

pytestmark = pytest.mark.isolation

PROGRAMS = Path(__file__).parents[3] / "benchmarks" / "repair" / "programs.jsonl"


async def test_the_rate_of_a_search_is_measured_early_and_late() -> None:
    measured = {each.name: each.value for each in await searching(short=True)}
    assert measured["candidates 200 to 1,200"] > 0
    assert 0 < measured["lowest rate to highest"] <= 1


async def test_what_ranking_and_the_gate_are_worth_is_measured_on_the_same_program() -> None:
    program = read_program(next(iter(json_lines(PROGRAMS.read_text()))).given)
    with closing(ALL["namespaces"](2)) as engine:
        ablated = await ablate(program, engine, budget_seconds=10)
    assert ablated.whole == Choice(taken=True, right=True, regressed=False)
    assert ablated.unranked.taken
    assert ablated.ungated.taken
