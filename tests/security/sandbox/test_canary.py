"""Every engine that runs here proves its promises; namespaces do with control groups and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autodev.sandbox import namespace_engine, prove
from autodev.sandbox.engines import ENGINES
from autodev.sandbox.supervision.engine import SupervisedEngine

pytestmark = pytest.mark.isolation

CONTROLS = 15


@pytest.mark.parametrize("grouped", [True, False])
async def test_every_control_holds_for_namespaces(grouped: bool) -> None:
    report = await prove(namespace_engine(grouped=grouped))

    assert len(report.controls) == CONTROLS


@pytest.mark.parametrize("name", sorted({*ENGINES} - {"namespaces"}))
async def test_every_control_holds_for_each_other_engine(
    name: str, make_engine: Callable[[str, int], SupervisedEngine]
) -> None:
    report = await prove(make_engine(name, 0))

    assert len(report.controls) == CONTROLS
