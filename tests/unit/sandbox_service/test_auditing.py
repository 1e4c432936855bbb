"""The service's runs are recorded with their tenants, and none is answered without its record."""

from __future__ import annotations

import asyncio
import json
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from autodev.events.envelope import new_event
from autodev.ids import TenantId
from autodev.sandbox import Engine, Policy
from autodev.sandbox.audit import verify
from autodev.stream.failures import InfrastructureError
from services.sandbox.auditing import AuditSettings, audited
from services.sandbox.gatekeeper import Gatekeeper, GateSettings
from services.sandbox.handlers import on_proposed
from services.sandbox.isolation import Isolation
from services.sandbox.settings import SandboxSettings
from tests.unit.sandbox.test_canary_judgement import ToldEngine as CanaryEngine
from tests.unit.sandbox_service.generations import BASE, WRONG, ToldEngine, candidate, generation

CODE = "def speed(x): return x"


def records(directory: Path) -> list[dict[str, Any]]:
    [file] = directory.iterdir()
    assert verify([file]).holds
    return [json.loads(line) for line in file.read_text().splitlines()]


def told() -> ToldEngine:
    return ToldEngine({None: BASE, CODE: WRONG})


async def handled(engine: Engine, tenant: str = "acme") -> None:
    isolation = Isolation(Policy(), 2)
    isolation._engine = engine
    proposed = generation(candidate(CODE, name="a")).model_copy(update={"tenant_id": TenantId(tenant)})
    connection = AsyncConnection(create_async_engine("postgresql+asyncpg://unused"))
    with closing(Gatekeeper(GateSettings())) as gatekeeper:
        await on_proposed(isolation, gatekeeper)(new_event(proposed, source="/test"), connection)


async def test_each_run_of_a_generation_has_a_record_that_names_its_tenant(tmp_path: Path) -> None:
    engine = audited(told, AuditSettings(directory=tmp_path / "audit"))()
    await handled(engine, "acme")
    await handled(engine, "other")
    told_of = sorted((record["tenant"], record["kind"]) for record in records(tmp_path / "audit")[1:])
    kinds = ("properties", "run", "run", "search")  # of the unmodified skill twice: once more to watch it
    assert told_of == [(tenant, kind) for tenant in ("acme", "other") for kind in kinds]


async def test_without_a_directory_there_is_no_log() -> None:
    engine = told()
    assert audited(lambda: engine, AuditSettings())() is engine


async def test_a_generation_whose_record_can_not_be_written_waits(tmp_path: Path) -> None:
    directory = tmp_path / "audit"
    engine = audited(told, AuditSettings(directory=directory))()
    directory.rmdir()
    with pytest.raises(InfrastructureError, match="no audit record was written"):
        await handled(engine)


async def test_a_service_that_can_not_write_its_log_is_not_ready_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    isolation = Isolation(Policy(), 2)
    make = audited(CanaryEngine, AuditSettings(directory=tmp_path / "file" / "audit"))
    with suppress(TimeoutError):
        async with asyncio.timeout(0.3):
            await isolation.prove(make, again_seconds=60)
    assert isolation.trouble is not None
    assert "audit log failed" in isolation.trouble
    assert "AUTODEV_AUDIT__DIRECTORY" in isolation.trouble


def test_it_is_set_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODEV_AUDIT__DIRECTORY", "/var/log/autodev")
    monkeypatch.setenv("AUTODEV_AUDIT__FILES", "3")
    monkeypatch.setenv("AUTODEV_ISOLATION__QUOTA__CPU_SECONDS", "5")
    settings = SandboxSettings()
    assert (settings.audit.directory, settings.audit.files) == (Path("/var/log/autodev"), 3)
    assert settings.isolation.quota.cpu_seconds == 5
    monkeypatch.setenv("AUTODEV_AUDIT__FILES", "0")
    with pytest.raises(ValidationError):
        SandboxSettings()
