"""A command need not prove an engine that proved itself a moment ago."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest

from autodev.sandbox import IsolationUnavailable
from autodev.sandbox.canary import prove_unless_lately
from autodev.sandbox.canary.remembered import HOLDS_SECONDS
from tests.unit.sandbox.test_canary_judgement import ToldEngine

SOUND = ToldEngine()
BROKEN = ToldEngine(environment=["SECRET"])


@pytest.fixture(autouse=True)
def remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where proofs are kept."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path / f"autodev-proved-{os.geteuid()}"


async def test_a_proof_holds_for_a_while() -> None:
    await prove_unless_lately(SOUND)
    await prove_unless_lately(BROKEN)


async def test_one_that_breaks_its_promises_breaks_them_again_the_next_time() -> None:
    for _ in range(2):
        with pytest.raises(IsolationUnavailable):
            await prove_unless_lately(BROKEN)


async def test_a_proof_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    await prove_unless_lately(SOUND)
    now = time.clock_gettime(time.CLOCK_BOOTTIME)
    monkeypatch.setattr(time, "clock_gettime", lambda _clock: now + HOLDS_SECONDS + 1)
    with pytest.raises(IsolationUnavailable):
        await prove_unless_lately(BROKEN)


@pytest.mark.parametrize("forged", ["", "nonsense", "another boot 5.0", "x y"])
async def test_what_another_boot_or_nobody_wrote_is_no_proof(remembered: Path, forged: str) -> None:
    await prove_unless_lately(SOUND)
    (remembered / "told").write_text(forged)
    with pytest.raises(IsolationUnavailable):
        await prove_unless_lately(BROKEN)


async def test_what_others_could_have_written_is_not_believed(remembered: Path) -> None:
    await prove_unless_lately(SOUND)
    remembered.chmod(0o777)  # noqa: ASYNC240 - a moment, in a test
    with pytest.raises(IsolationUnavailable):
        await prove_unless_lately(BROKEN)
    await prove_unless_lately(SOUND)
