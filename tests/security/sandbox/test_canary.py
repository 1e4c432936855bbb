"""Every engine that runs here proves its promises; namespaces do with control groups and without."""

from __future__ import annotations

import os

import pytest

from autodev.sandbox import namespace_engine, prove
from autodev.sandbox.engines import ENGINES

pytestmark = pytest.mark.isolation

CONTROLS = 15


@pytest.mark.parametrize("grouped", [True, False])
async def test_every_control_holds_for_namespaces(grouped: bool) -> None:
    report = await prove(namespace_engine(grouped=grouped))

    assert len(report.controls) == CONTROLS


@pytest.mark.skipif(os.geteuid() != 0, reason="gVisor takes root")
async def test_every_control_holds_for_gvisor() -> None:
    report = await prove(ENGINES["gvisor"](0))

    assert len(report.controls) == CONTROLS
